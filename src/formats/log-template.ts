/**
 * An access log's own description, nginx's `log_format` or Apache's `LogFormat`, compiled to fields and the text between
 * them. A line is cut in one pass, without backtracking: each field ends where the text behind it comes next.
 */

/** What a field is to us, by the name that each server has for it. */
export type FieldKind =
  | "request"
  | "method"
  | "target"
  | "protocol"
  | "host"
  | "client"
  | "status"
  | "bytes"
  | "commonTime"
  | "isoTime"
  | "endSeconds"
  | "durationSeconds"
  | "durationMillis"
  | "durationMicros"
  | "startSeconds"
  | "startMillis"
  | "startMicros"
  | "upstreamAddress"
  | "upstreamSeconds"
  | "traceparent"
  | "other";

export interface LogTemplate {
  server: "nginx" | "apache";
  /** nginx's `escape=json`. */
  isJson: boolean;
  /** Text before each field, and behind the last: one more than fields. */
  literals: string[];
  fields: Field[];
}

interface Field {
  kind: FieldKind;
  quoted: boolean;
  /** nginx writes one value for each upstream that was asked: `0.1, 0.2 : 0.3`. */
  listed: boolean;
}

const NGINX: Record<string, FieldKind> = {
  request: "request",
  request_method: "method",
  request_uri: "target",
  uri: "target",
  server_protocol: "protocol",
  host: "host",
  http_host: "host",
  remote_addr: "client",
  status: "status",
  body_bytes_sent: "bytes",
  time_local: "commonTime",
  time_iso8601: "isoTime",
  msec: "endSeconds",
  request_time: "durationSeconds",
  upstream_addr: "upstreamAddress",
  upstream_response_time: "upstreamSeconds",
  http_traceparent: "traceparent",
};

const APACHE: Record<string, FieldKind> = {
  r: "request",
  m: "method",
  U: "target",
  H: "protocol",
  v: "host",
  V: "host",
  "{Host}i": "host",
  h: "client",
  a: "client",
  s: "status",
  b: "bytes",
  B: "bytes",
  t: "commonTime",
  "{sec}t": "startSeconds",
  "{msec}t": "startMillis",
  "{usec}t": "startMicros",
  D: "durationMicros",
  T: "durationSeconds",
  "{us}T": "durationMicros",
  "{ms}T": "durationMillis",
  "{s}T": "durationSeconds",
  "{traceparent}i": "traceparent",
};

/** The directive as it stands in a configuration, over one line or several; null where the text is none. */
export function parseDirective(text: string): LogTemplate | null {
  const nginx = /^\s*log_format\s+\w+\s+(?:escape=(\w+)\s+)?((?:'[^']*'|"[^"]*"|\s)+);\s*$/.exec(text);
  if (nginx) {
    const format = [...nginx[2]!.matchAll(/'([^']*)'|"([^"]*)"/g)].map((part) => part[1] ?? part[2]).join("");
    const template = compile("nginx", format, /\$(?:\{(\w+)\}|(\w+))/g, (name) => NGINX[name]);
    return template && { ...template, isJson: nginx[1] === "json" };
  }
  const apache = /^\s*LogFormat\s+"((?:[^"\\]|\\.)*)"(?:\s+\w+)?\s*$/.exec(text);
  if (!apache) return null;
  const format = apache[1]!.replace(/\\(.)/g, (_, char: string) => (char === "t" ? "\t" : char));
  return compile(
    "apache",
    format,
    /%(?:!?\d+(?:,\d+)*)?[<>]?((?:\{[^}]*\})?(?:\^[A-Za-z]{2}|[A-Za-z]))/g,
    (name) => APACHE[name],
  );
}

function compile(
  server: LogTemplate["server"],
  format: string,
  variable: RegExp,
  kindOf: (name: string) => FieldKind | undefined,
): LogTemplate | null {
  const literal = (text: string): string => (server === "apache" ? text.replaceAll("%%", "%") : text);
  const template: LogTemplate = { server, isJson: false, literals: [], fields: [] };
  let from = 0;
  for (const match of format.matchAll(variable)) {
    const name = match[1] ?? match[2]!;
    const kind = kindOf(name) ?? "other";
    let before = literal(format.slice(from, match.index));
    // Apache prints its time in brackets of its own.
    const bracketed = server === "apache" && name === "t";
    if (bracketed) before += "[";
    template.literals.push((template.fields.at(-1)?.kind === "commonTime" && server === "apache" ? "]" : "") + before);
    template.fields.push({ kind, quoted: before.endsWith('"'), listed: name.startsWith("upstream_") });
    from = match.index + match[0].length;
  }
  const last = template.fields.at(-1);
  template.literals.push((last?.kind === "commonTime" && server === "apache" ? "]" : "") + literal(format.slice(from)));
  // Two fields with nothing between them cannot be told apart.
  const separate = template.literals.slice(1, -1).every((literal) => literal !== "");
  return template.fields.length > 0 && separate ? template : null;
}

/** The fields' texts, in their order; null where the line is not of this form. */
export function cut(template: LogTemplate, line: string): string[] | null {
  const { literals, fields } = template;
  if (!line.startsWith(literals[0]!)) return null;
  const values: string[] = [];
  let from = literals[0]!.length;
  for (let at = 0; at < fields.length; at++) {
    const literal = literals[at + 1]!;
    const last = at === fields.length - 1;
    const end = last ? endOf(line, literal, from) : next(line, literal, from, fields[at]!, fields[at + 1]!.kind);
    if (end < 0) return null;
    values.push(line.slice(from, end));
    from = end + literal.length;
  }
  return values;
}

const endOf = (line: string, literal: string, from: number): number =>
  line.length - literal.length >= from && line.endsWith(literal) ? line.length - literal.length : -1;

/**
 * Where the field ends. A quoted one may hold a quote, escaped (nginx writes \x22, Apache \") or not (NCSA): before a
 * status, the quote that counts is the one with a status behind it.
 */
function next(line: string, literal: string, from: number, { quoted, listed }: Field, behind: FieldKind): number {
  for (let end = line.indexOf(literal, from); end >= 0; end = line.indexOf(literal, end + 1)) {
    if (quoted && line[end - 1] === "\\" && line[end - 2] !== "\\") continue;
    if (listed && (/[,:]/.test(line[end - 1] ?? "") || /^[,:] /.test(line.slice(end + 1, end + 3)))) continue;
    if (behind !== "status" || /^(?:\d{3}|-)(?![\w-])/.test(line.slice(end + literal.length, end + literal.length + 4)))
      return end;
  }
  return -1;
}
