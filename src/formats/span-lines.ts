/** Where the spans of an element of `resourceSpans` begin, when the document is printed over many lines. */

const TOKEN = /"(?:[^"\\]|\\.)*"(?:\s*:)?|[{}[\]\n]/gs;
/** element { scopeSpans [ { spans [ */
const DEPTH = 4;

/** Lines below the element's first at which its spans begin, in their order; empty where all stand on one line. */
export function spanLines(text: string): number[] {
  const lines: number[] = [];
  if (!text.includes("\n")) return lines;
  const open: string[] = [];
  let key = "";
  let line = 0;
  for (const [token] of text.matchAll(TOKEN)) {
    if (token === "\n") line++;
    else if (token === "]" || token === "}") open.pop();
    else if (token === "[" || token === "{") {
      if (token === "{" && open.length === DEPTH && open.at(-1) === "spans") lines.push(line);
      open.push(token === "[" ? key : "");
    } else if (token.endsWith(":")) {
      key = token.slice(1, token.lastIndexOf('"'));
      line += token.split("\n").length - 1;
    }
  }
  return lines;
}
