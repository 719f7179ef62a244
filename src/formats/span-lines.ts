/** Where the spans of an element of `resourceSpans` begin, when the document is printed over many lines. */
import { stringEnd } from "./json-value";

/** A string is only begun: a pattern for all of one has no room for megabytes. */
const TOKEN = /["{}[\]\n]/g;
const COLON = /\s*:/y;
/** element { scopeSpans [ { spans [ */
const DEPTH = 4;

/** Lines below the element's first at which its spans begin, in their order; empty where all stand on one line. */
export function spanLines(text: string): number[] {
  const lines: number[] = [];
  if (!text.includes("\n")) return lines;
  const open: string[] = [];
  let key = "";
  let line = 0;
  TOKEN.lastIndex = 0;
  for (let found = TOKEN.exec(text); found; found = TOKEN.exec(text)) {
    const [token] = found;
    if (token === "\n") line++;
    else if (token === "]" || token === "}") open.pop();
    else if (token === "[" || token === "{") {
      if (token === "{" && open.length === DEPTH && open.at(-1) === "spans") lines.push(line);
      open.push(token === "[" ? key : "");
    } else {
      const end = stringEnd(text, found.index);
      if (end < 0) break;
      TOKEN.lastIndex = end;
      COLON.lastIndex = end;
      if (COLON.test(text)) key = text.slice(found.index + 1, end - 1);
    }
  }
  return lines;
}
