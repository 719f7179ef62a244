/** The head of a CGI program's output → status and headers (RFC 3875, section 6). */
import { Refusal } from "../answer";

/** Bytes that the head may have. */
export const HEAD_LIMIT = 16 * 1024;

export interface CgiHead {
  status: number;
  headers: Record<string, string | string[]>;
}

/** Fields that the server alone answers for. */
const RESERVED = new Set([
  "connection",
  "content-length",
  "date",
  "keep-alive",
  "trailer",
  "transfer-encoding",
  "upgrade",
]);
const NAME = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not be there
const FORBIDDEN = /[\x00-\x08\x0a-\x1f\x7f]/;

const bad = (): Refusal => new Refusal(502, "The program's answer has no valid head.");

/** Where the head ends and the body starts; null while it has not come yet. Lines end in CRLF or LF. */
export function endOfHead(bytes: Buffer): { head: number; body: number } | null {
  for (let at = bytes.indexOf(10); at >= 0; at = bytes.indexOf(10, at + 1)) {
    const next = bytes[at + 1] === 13 ? at + 2 : at + 1;
    if (bytes[next] === 10) return { head: at, body: next + 1 };
  }
  return null;
}

export function parseHead(text: string): CgiHead {
  const headers = new Map<string, string | string[]>();
  let status: number | null = null;
  let redirects = false;
  for (const line of text.split(/\r?\n/)) {
    const colon = line.indexOf(":");
    const name = line.slice(0, Math.max(colon, 0));
    const value = line.slice(colon + 1).trim();
    if (!NAME.test(name) || FORBIDDEN.test(value)) throw bad();
    const key = name.toLowerCase();
    if (key === "status") {
      const code = /^([2-5]\d\d)(?: |$)/.exec(value);
      if (!code) throw bad();
      status = Number(code[1]);
    } else if (!RESERVED.has(key)) {
      const previous = headers.get(name);
      headers.set(name, previous === undefined ? value : [previous, value].flat());
      redirects ||= key === "location";
    }
  }
  return { status: status ?? (redirects ? 302 : 200), headers: Object.fromEntries(headers) };
}
