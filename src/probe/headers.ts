/** Header fields of a probe's requests, ready to be sent. */
import { ACCEPT_ENCODING } from "./page/content";

export type Header = readonly [name: string, value: string];

/** A header cannot be sent; the message is for people. */
class HeaderError extends Error {
  override readonly name = "HeaderError";
}

export interface HeaderFields {
  /** All but Host. */
  fields: readonly Header[];
  /** The same as text, each with its line end. */
  lines: string;
  /** The Host field that was given. */
  authority?: string;
  /** One of them is a traceparent: the client must not add its own. */
  traced: boolean;
  /** One of them says how long the body is. */
  sized: boolean;
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

/** The defaults and `own`, which win. `close`: ask for the connection's end behind each answer. Throws a HeaderError. */
export function headerFields(own: readonly Header[], close = false): HeaderFields {
  for (const [name, value] of own)
    if (!NAME.test(name) || !VALUE.test(value))
      throw new HeaderError(`the header ${JSON.stringify(name.slice(0, 80))} has characters that no header may have`);
  const given = new Map(own.map(([name, value]) => [name.toLowerCase(), value]));
  const fields = [
    ...DEFAULTS.filter(([name]) => !given.has(name.toLowerCase())),
    ...own.filter(([name]) => name.toLowerCase() !== "host"),
    ...(close ? ([["Connection", "close"]] as const) : []),
  ];
  return {
    fields,
    lines: fields.map(([name, value]) => `${name}: ${value}\r\n`).join(""),
    authority: given.get("host"),
    traced: given.has("traceparent"),
    sized: given.has("content-length") || given.has("transfer-encoding"),
  };
}

/** With the user and password that stand in the address, as browsers send them; a header of the user's own wins. */
export function withUserOf({ username, password }: URL, headers: HeaderFields | undefined): HeaderFields | undefined {
  if (username === "" || headers?.fields.some(([name]) => name.toLowerCase() === "authorization")) return headers;
  const credentials = Buffer.from(`${decoded(username)}:${decoded(password)}`).toString("base64");
  const fields = headerFields([...(headers?.fields ?? []), ["Authorization", `Basic ${credentials}`]]);
  return { ...fields, authority: headers?.authority };
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** Without what describes a body: a redirect has made a GET of a POST. */
export const withoutContent = ({ fields, authority }: HeaderFields): HeaderFields => ({
  ...headerFields(fields.filter(([name]) => !/^(?:content-|transfer-encoding$)/i.test(name))),
  authority,
});
