/** What an access log's line says of a request, from its fields. */
import type { ChildSpan } from "../model/record";
import { MICROS_PER_MILLI, MICROS_PER_SECOND, type Micros } from "../model/time";
import { commonTime, epochTime, isoTime } from "./access-time";
import { traceIdOf } from "./exchange";
import type { ForeignServer } from "./foreign";
import type { FieldKind, LogTemplate } from "./log-template";

export type Values = Record<Exclude<FieldKind, "other">, string | undefined>;

const NOTHING: Values = {
  request: undefined,
  method: undefined,
  target: undefined,
  protocol: undefined,
  host: undefined,
  client: undefined,
  status: undefined,
  bytes: undefined,
  commonTime: undefined,
  isoTime: undefined,
  endSeconds: undefined,
  durationSeconds: undefined,
  durationMillis: undefined,
  durationMicros: undefined,
  startSeconds: undefined,
  startMillis: undefined,
  startMicros: undefined,
  upstreamAddress: undefined,
  upstreamSeconds: undefined,
  traceparent: undefined,
};

const REQUEST_LINE = /^([!#$%&'*+.^_`|~0-9A-Za-z-]+) (.*?)(?: HTTP\/(\d(?:\.\d)?))?$/;

/** Step of the clock of a log with these fields, µs; 0 where they hold no time. */
export function grainOf(kinds: readonly FieldKind[]): Micros {
  if (kinds.includes("startMicros")) return 1;
  if (kinds.includes("endSeconds") || kinds.includes("startMillis")) return MICROS_PER_MILLI;
  const seconds = ["commonTime", "isoTime", "startSeconds"] as const;
  return seconds.some((kind) => kinds.includes(kind)) ? MICROS_PER_SECOND : 0;
}

/**
 * Each kind's text: the first field of a kind that says something. Always of one shape, whatever the format: a million
 * lines are read through it.
 */
export function valuesOf({ fields, isJson }: LogTemplate, texts: readonly string[]): Values {
  const values: Values = { ...NOTHING };
  for (let at = 0; at < fields.length; at++) {
    const { kind } = fields[at]!;
    if (kind === "other" || values[kind] !== undefined) continue;
    const text = isJson ? unescaped(texts[at]!) : texts[at]!;
    if (text !== "" && text !== "-") values[kind] = text;
  }
  return values;
}

/** What nginx escaped as in a JSON string; as it stands where it is none. */
function unescaped(text: string): string {
  if (!text.includes("\\")) return text;
  try {
    return String(JSON.parse(`"${text}"`));
  } catch {
    return text;
  }
}

/** A record, or the reason in words why the line gives none. */
export function accessRecord(values: Values, server: LogTemplate["server"]): ForeignServer | { problem: string } {
  const span = spanOf(values, server);
  if ("problem" in span) return span;
  const line = values.request === undefined ? null : REQUEST_LINE.exec(values.request);
  const record: ForeignServer = {
    method: line?.[1] ?? values.method ?? "-",
    // What is no request line (an attack, a TLS hello on a plain port) is shown as it was written.
    target: line?.[2] ?? values.target ?? values.request ?? "-",
    parseStart: span.parseStart,
  };
  if (span.sendEnd !== undefined) record.sendEnd = span.sendEnd;
  if (values.status !== undefined && /^\d{3}$/.test(values.status)) record.status = Number(values.status);
  if (values.bytes !== undefined && /^\d{1,15}$/.test(values.bytes)) record.bytes = Number(values.bytes);
  // What it says of the connection: where the client is.
  if (values.client !== undefined) record.conn = `${values.client}>`;
  if (values.host !== undefined) record.host = values.host;
  if ((line?.[3] ?? values.protocol?.replace(/^HTTP\//, ""))?.startsWith("2")) record.protocol = "h2";
  const id = traceIdOf(values.traceparent);
  if (id !== undefined) record.id = id;
  const children = upstreams(values);
  if (children.length > 0) record.children = children;
  return record;
}

/**
 * Marks 3 and 6: nginx and NCSA write when a request ended, Apache when it began; the duration leads to the other. Where
 * none is known, the one time stands for the beginning and the end stays unknown.
 */
function spanOf(
  values: Values,
  server: LogTemplate["server"],
): { parseStart: Micros; sendEnd?: Micros } | { problem: string } {
  const start =
    scaled(values.startMicros, 1) ??
    scaled(values.startMillis, MICROS_PER_MILLI) ??
    scaled(values.startSeconds, MICROS_PER_SECOND);
  const time = start ?? clockOf(values);
  if (time === null) return { problem: "no time that exists" };
  const duration = durationOf(values);
  if (duration === null) return { parseStart: time };
  if (start !== null || server === "apache") return { parseStart: time, sendEnd: time + duration };
  return duration <= time
    ? { parseStart: time - duration, sendEnd: time }
    : { problem: "it lasted longer than time itself" };
}

const clockOf = ({ endSeconds, isoTime: iso, commonTime: common }: Values): Micros | null =>
  (endSeconds === undefined ? null : epochTime(endSeconds)) ??
  (iso === undefined ? null : isoTime(iso)) ??
  (common === undefined ? null : commonTime(common));

const durationOf = (values: Values): Micros | null =>
  scaled(values.durationMicros, 1) ??
  scaled(values.durationMillis, MICROS_PER_MILLI) ??
  scaled(values.durationSeconds, MICROS_PER_SECOND);

/** A decimal number of units, as µs; null where it is none or beyond what a stamp holds. */
function scaled(text: string | undefined, unit: Micros): Micros | null {
  if (text === undefined || !/^\d{1,16}(?:\.\d{1,9})?$/.test(text)) return null;
  const value = Math.round(Number(text) * unit);
  return Number.isSafeInteger(value) && value < 2 ** 52 ? value : null;
}

const BETWEEN_UPSTREAMS = /[,:]\s+/;

/** `0.005, 0.010 : 0.2`: one child span for each upstream that was asked; when it was asked is not known. */
function upstreams(values: Values): ChildSpan[] {
  if (values.upstreamSeconds === undefined) return [];
  const names = values.upstreamAddress?.split(BETWEEN_UPSTREAMS) ?? [];
  return values.upstreamSeconds.split(BETWEEN_UPSTREAMS).flatMap((text, at) => {
    const duration = scaled(text.trimEnd(), MICROS_PER_SECOND);
    return duration === null ? [] : [{ kind: "http" as const, name: names[at]?.trimEnd() ?? "upstream", duration }];
  });
}
