/** What an access log's line says of a request, from its fields. */
import type { ChildSpan } from "../model/record";
import { MICROS_PER_MILLI, MICROS_PER_SECOND, type Micros } from "../model/time";
import { commonTime, epochTime, isoTime } from "./access-time";
import { traceIdOf } from "./exchange";
import type { ForeignServer } from "./foreign";
import type { FieldKind, LogTemplate } from "./log-template";

type Values = Partial<Record<FieldKind, string>>;

const REQUEST_LINE = /^([!#$%&'*+.^_`|~0-9A-Za-z-]+) (.*?)(?: HTTP\/(\d(?:\.\d)?))?$/;

/** Step of the clock of a log with these fields, µs; 0 where they hold no time. */
export function grainOf(kinds: readonly FieldKind[]): Micros {
  if (kinds.includes("startMicros")) return 1;
  if (kinds.includes("endSeconds") || kinds.includes("startMillis")) return MICROS_PER_MILLI;
  const seconds = ["commonTime", "isoTime", "startSeconds"] as const;
  return seconds.some((kind) => kinds.includes(kind)) ? MICROS_PER_SECOND : 0;
}

/** Each kind's text: the first field of a kind that says something. */
export function valuesOf({ fields, isJson }: LogTemplate, texts: readonly string[]): Values {
  const values: Values = {};
  fields.forEach(({ kind }, at) => {
    const text = isJson ? unescaped(texts[at]!) : texts[at]!;
    if (kind !== "other" && text !== "" && text !== "-") values[kind] ??= text;
  });
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
  const request = requestOf(values);
  const status = /^\d{3}$/.test(values.status ?? "") ? Number(values.status) : undefined;
  const bytes = /^\d{1,15}$/.test(values.bytes ?? "") ? Number(values.bytes) : undefined;
  const id = traceIdOf(values.traceparent);
  const children = upstreams(values);
  return {
    ...(id !== undefined && { id }),
    ...request,
    // What it says of the connection: where the client is.
    ...(values.client !== undefined && { conn: `${values.client}>` }),
    ...(values.host !== undefined && { host: values.host }),
    ...(status !== undefined && { status }),
    ...(bytes !== undefined && { bytes }),
    ...span,
    ...(children.length > 0 && { children }),
  };
}

function requestOf(values: Values): Pick<ForeignServer, "method" | "target" | "protocol"> {
  const line = REQUEST_LINE.exec(values.request ?? "");
  const version = line?.[3] ?? values.protocol?.replace(/^HTTP\//, "");
  return {
    ...(version?.startsWith("2") && { protocol: "h2" }),
    method: line?.[1] ?? values.method ?? "-",
    // What is no request line (an attack, a TLS hello on a plain port) is shown as it was written.
    target: line?.[2] ?? values.target ?? values.request ?? "-",
  };
}

/**
 * Marks 3 and 6: nginx and NCSA write when a request ended, Apache when it began; the duration leads to the other. Where
 * none is known, the one time stands for the beginning and the end stays unknown.
 */
function spanOf(
  values: Values,
  server: LogTemplate["server"],
): { parseStart: Micros; sendEnd?: Micros } | { problem: string } {
  const start = firstOf(
    scaled(values.startMicros, 1),
    scaled(values.startMillis, MICROS_PER_MILLI),
    scaled(values.startSeconds, MICROS_PER_SECOND),
  );
  const clock = firstOf(
    values.endSeconds === undefined ? null : epochTime(values.endSeconds),
    values.isoTime === undefined ? null : isoTime(values.isoTime),
    values.commonTime === undefined ? null : commonTime(values.commonTime),
  );
  const time = start ?? clock;
  if (time === null) return { problem: "no time that exists" };
  const duration = durationOf(values);
  if (duration === null) return { parseStart: time };
  if (start !== null || server === "apache") return { parseStart: time, sendEnd: time + duration };
  return duration <= time
    ? { parseStart: time - duration, sendEnd: time }
    : { problem: "it lasted longer than time itself" };
}

const durationOf = (values: Values): Micros | null =>
  firstOf(
    scaled(values.durationMicros, 1),
    scaled(values.durationMillis, MICROS_PER_MILLI),
    scaled(values.durationSeconds, MICROS_PER_SECOND),
  );

const firstOf = (...times: (Micros | null)[]): Micros | null => times.find((time) => time !== null) ?? null;

/** A decimal number of units, as µs; null where it is none or beyond what a stamp holds. */
function scaled(text: string | undefined, unit: Micros): Micros | null {
  if (text === undefined || !/^\d{1,16}(?:\.\d{1,9})?$/.test(text)) return null;
  const value = Math.round(Number(text) * unit);
  return Number.isSafeInteger(value) && value < 2 ** 52 ? value : null;
}

/** `0.005, 0.010 : 0.2`: one child span for each upstream that was asked; when it was asked is not known. */
function upstreams(values: Values): ChildSpan[] {
  const names = values.upstreamAddress?.split(/\s*[,:]\s+/) ?? [];
  return (values.upstreamSeconds?.split(/\s*[,:]\s+/) ?? []).flatMap((text, at) => {
    const duration = scaled(text, MICROS_PER_SECOND);
    return duration === null ? [] : [{ kind: "http" as const, name: names[at] ?? "upstream", duration }];
  });
}
