/** Whether a text is a picture as the page draws them: SVG of shapes and texts, nothing that runs or loads. */

const MOST_CHARS = 8_000_000;
const ELEMENTS: ReadonlySet<string> = new Set(["svg", "title", "desc", "g", "rect", "line", "path", "circle", "text"]);
const ATTRIBUTES: ReadonlySet<string> = new Set(
  (
    "xmlns viewBox width height x y x1 y1 x2 y2 cx cy r rx d fill stroke stroke-width stroke-dasharray " +
    "stroke-linejoin stroke-linecap fill-opacity stroke-opacity font-family font-size font-weight text-anchor " +
    "transform role"
  ).split(" "),
);
const TAG = /<(?:\/([a-z]+)|([a-z]+)((?: [A-Za-z0-9-]+="[^"<>]*")*) ?\/?)>/y;
const TEXT = /[^<>]+/y;

export function isPicture(value: unknown): value is string {
  if (typeof value !== "string" || value.length > MOST_CHARS || !value.startsWith("<svg ")) return false;
  let at = 0;
  while (at < value.length) {
    const pattern: RegExp = value[at] === "<" ? TAG : TEXT;
    pattern.lastIndex = at;
    const match = pattern.exec(value);
    if (!match) return false;
    const name = match[1] ?? match[2];
    if (name !== undefined && !ELEMENTS.has(name)) return false;
    for (const [, attribute] of (match[3] ?? "").matchAll(/ ([A-Za-z0-9-]+)="/g))
      if (!ATTRIBUTES.has(attribute!)) return false;
    at += match[0].length;
  }
  return true;
}
