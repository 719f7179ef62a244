/** Header fields of a probe's requests. */
import { ACCEPT_ENCODING } from "./page/content";

export type Header = readonly [name: string, value: string];

/** A header cannot be sent; the message is for people. */
export class HeaderError extends Error {
  override readonly name = "HeaderError";
}

const NAME = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;
const VALUE = /^[\t\x20-\x7e\x80-\xff]*$/;

const DEFAULTS: readonly Header[] = [
  ["User-Agent", "request-timeline"],
  ["Accept", "*/*"],
  ["Accept-Encoding", ACCEPT_ENCODING],
];

/** `Name: value` as a header. Throws a HeaderError. */
export function parseHeader(text: string): Header {
  const colon = text.indexOf(":");
  if (colon < 0)
    throw new HeaderError(`${JSON.stringify(text.slice(0, 80))} is not a header; one looks like Name: value`);
  return [text.slice(0, colon).trim(), text.slice(colon + 1).trim()];
}

export interface HeaderLines {
  headers: string;
  /** The Host field that was given. */
  authority?: string;
  /** One of them is a traceparent: the client must not add its own. */
  traced: boolean;
}

/** The defaults and `own`, which win, as lines. `close`: ask for the connection's end behind each answer. */
export function headerLines(own: readonly Header[], close = false): HeaderLines {
  const fields: Header[] = close ? [...own, ["Connection", "close"]] : [...own];
  for (const [name, value] of own)
    if (!NAME.test(name) || !VALUE.test(value))
      throw new HeaderError(`the header ${JSON.stringify(name.slice(0, 80))} has characters that no header may have`);
  const given = new Map(own.map(([name, value]) => [name.toLowerCase(), value]));
  for (const field of DEFAULTS) if (!given.has(field[0].toLowerCase())) fields.unshift(field);
  return {
    headers: fields
      .filter(([name]) => name.toLowerCase() !== "host")
      .map(([name, value]) => `${name}: ${value}\r\n`)
      .join(""),
    authority: given.get("host"),
    traced: given.has("traceparent"),
  };
}

/** The lines with the body's length, where the user gave none. */
export const withLength = (lines: string, body: Buffer): string =>
  /^(?:content-length|transfer-encoding):/im.test(lines) ? lines : `${lines}Content-Length: ${body.length}\r\n`;
