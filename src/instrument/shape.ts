/** The kind of a path: without its query, and with one sign for each part that holds a digit, as most identifiers do. */
export function shapeOf(target: string): string {
  const query = target.indexOf("?");
  const path = query < 0 ? target : target.slice(0, query);
  return /\d/.test(path) ? path.replace(/[^/]*\d[^/]*/g, ":") : path;
}
