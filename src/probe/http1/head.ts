/** The head of an HTTP/1.x response: status line and header fields (RFC 9112, sections 4 to 6). */

/** The answer breaks the protocol; the message completes "the answer is not valid HTTP: …". */
export class ResponseFault extends Error {
  override readonly name = "ResponseFault";
}

/** The connection was closed too early; the message completes "the connection was closed …". */
export class ResponseCut extends Error {
  override readonly name = "ResponseCut";
}

export interface ResponseHead {
  status: number;
  /** Names in lower case; repeated fields are joined with ", " (of Set-Cookie nothing is ever kept). */
  headers: ReadonlyMap<string, string>;
  /** From Content-Length; null where there is none or where it does not apply. */
  length: number | null;
  chunked: boolean;
  keepAlive: boolean;
}

const STATUS_LINE = /^HTTP\/1\.([01]) ([1-9]\d\d)(?: [^\0\r\n]*)?$/;
const FIELD = /^([!#$%&'*+.^_`|~0-9A-Za-z-]+):([^\0\r]*)$/;

/** `text` is the head as Latin-1, with its empty line. Throws a ResponseFault. */
export function parseHead(text: string): ResponseHead {
  const lines = text.split("\n").map((line) => (line.endsWith("\r") ? line.slice(0, -1) : line));
  const start = STATUS_LINE.exec(lines[0]!);
  if (!start) throw new ResponseFault(`it begins with ${JSON.stringify(lines[0]!.slice(0, 40))}`);
  const headers = new Map<string, string>();
  let last = "";
  for (let i = 1; i < lines.length; i++) {
    const line = lines[i]!;
    if (line === "") continue;
    const field = FIELD.exec(line);
    if (field) {
      last = field[1]!.toLowerCase();
      if (last === "set-cookie") continue;
      const [before, value] = [headers.get(last), withoutBlanks(field[2]!)];
      headers.set(last, before === undefined ? value : `${before}, ${value}`);
    } else if ((line[0] === " " || line[0] === "\t") && last !== "" && !/[\0\r]/.test(line)) {
      // A folded line (RFC 9112, 5.2) counts as a blank.
      if (headers.has(last)) headers.set(last, `${headers.get(last)} ${line.trim()}`);
    } else throw new ResponseFault(`its header has the line ${JSON.stringify(line.slice(0, 40))}`);
  }
  return framed(Number(start[2]), start[1] === "1", headers);
}

const isBlank = (char: string | undefined): boolean => char === " " || char === "\t";

/** Without the blanks around it. A pattern that looks for those at the end takes the square of a line's length. */
function withoutBlanks(value: string): string {
  let [from, to] = [0, value.length];
  while (isBlank(value[from])) from++;
  while (to > from && isBlank(value[to - 1])) to--;
  return value.slice(from, to);
}

function framed(status: number, modern: boolean, headers: Map<string, string>): ResponseHead {
  const options = tokens(headers.get("connection"));
  const codings = tokens(headers.get("transfer-encoding"));
  const chunked = codings.at(-1) === "chunked";
  const stated = lengthOf(headers.get("content-length"));
  if (codings.filter((coding) => coding === "chunked").length > 1) throw new ResponseFault("its body is chunked twice");
  // Both framings at once, or chunks in HTTP/1.0: readable, but nobody knows where the next answer would begin.
  const doubtful = codings.length > 0 && (stated !== null || !modern);
  return {
    status,
    headers,
    length: codings.length ? null : stated,
    chunked,
    keepAlive: !doubtful && !options.includes("close") && (modern || options.includes("keep-alive")),
  };
}

function tokens(value: string | undefined): string[] {
  if (value === undefined) return [];
  return value
    .split(",")
    .map((token) => token.trim().toLowerCase())
    .filter((token) => token !== "");
}

/** Equal repeats of the length are one length (RFC 9110, 8.6); anything else is no length at all. */
function lengthOf(value: string | undefined): number | null {
  if (value === undefined) return null;
  const lengths = new Set(value.split(",").map((item) => item.trim()));
  const [only] = lengths;
  const length = Number(only);
  if (lengths.size !== 1 || !/^\d+$/.test(only!) || !Number.isSafeInteger(length))
    throw new ResponseFault(`its Content-Length is ${JSON.stringify(value.slice(0, 40))}`);
  return length;
}
