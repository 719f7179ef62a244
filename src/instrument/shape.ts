/** Kinds are kept by the thousand, and clients say how long they are. */
const MOST_CHARS = 500;
/** Looked for at a part's beginning only: from each character of a part without a digit it takes that length squared. */
const PART_WITH_DIGIT = /(?<![^/])[^/\d]*\d[^/]*/g;

/** The kind of a path: without its query, and with one sign for each part that holds a digit, as most identifiers do. */
export function shapeOf(target: string): string {
  const query = target.indexOf("?");
  const path = target.slice(0, query < 0 ? MOST_CHARS : Math.min(query, MOST_CHARS));
  return /\d/.test(path) ? path.replace(PART_WITH_DIGIT, ":") : path;
}
