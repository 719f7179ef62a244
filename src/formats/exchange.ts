/** What goes out in other people's formats: requests as reports show them, with the clock offset of each pair. */
import type { ClientPhaseKey, MarkKey } from "../model/marks";
import { CLIENT_PHASE_KEYS, MARKS } from "../model/marks";
import type { RequestMarks, TimelineRequest } from "../model/request";
import type { Interval, Micros } from "../model/time";

export interface Exchanged {
  request: TimelineRequest;
  /** Server clock − client clock, µs; null where there is no pair or nothing is known. */
  offset: { value: Micros; uncertainty: Micros } | null;
}

/** A format that sessions are written in: the document in parts, however many requests there are. */
export type Encoder = (items: Iterable<Exchanged>) => Generator<string>;

/** Who wrote an exported file. */
export const CREATOR = "request-timeline";

type StampKey = Exclude<MarkKey, "arrival"> | ClientPhaseKey;
export type KnownMarks = { [key in StampKey]?: Micros } & { arrival?: Interval };

const CLIENT_KEYS: readonly StampKey[] = [
  ...CLIENT_PHASE_KEYS,
  ...MARKS.flatMap(({ clock, key }) => (clock === "client" ? [key] : [])),
];
const SERVER_KEYS: readonly StampKey[] = MARKS.flatMap(({ clock, key }) =>
  clock === "server" && key !== "arrival" ? [key] : [],
);

const known = (marks: RequestMarks, keys: readonly StampKey[]): KnownMarks => {
  const found: KnownMarks = {};
  for (const key of keys) {
    const time = marks[key];
    if (time !== null && time !== undefined) found[key] = time;
  }
  return found;
};

export const clientMarks = (marks: RequestMarks): KnownMarks => known(marks, CLIENT_KEYS);

export const serverMarks = (marks: RequestMarks): KnownMarks => ({
  ...(marks.arrival && { arrival: marks.arrival }),
  ...known(marks, SERVER_KEYS),
});

const isTime = (value: unknown): value is Micros => Number.isSafeInteger(value) && (value as number) >= 0;

/** Marks that an exported file holds, each checked. */
export function readMarks(value: unknown, side: "client" | "server"): KnownMarks {
  const found: KnownMarks = {};
  if (typeof value !== "object" || value === null) return found;
  const marks = value as Record<string, unknown>;
  for (const key of side === "client" ? CLIENT_KEYS : SERVER_KEYS) {
    const time = Object.hasOwn(marks, key) ? marks[key] : undefined;
    if (isTime(time)) found[key] = time;
  }
  const { arrival } = marks;
  if (side === "server" && Array.isArray(arrival) && arrival.length === 2 && arrival.every(isTime))
    if (arrival[0] <= arrival[1]) found.arrival = [arrival[0], arrival[1]];
  return found;
}

/** First and last known time of the marks, µs; null where none is known. */
export function spanOfMarks(marks: KnownMarks): readonly [Micros, Micros] | null {
  const times = Object.values(marks).flat().filter(isTime);
  return times.length === 0 ? null : [Math.min(...times), Math.max(...times)];
}

/** Path and query of an absolute URL or a path. */
export const targetOf = (url: string): string =>
  url.replace(/^[a-z][a-z0-9+.-]*:\/\/[^/?#]*/i, "").replace(/^(?!\/)/, "/");

/** The authority of an absolute URL; undefined where it is a path alone. */
export const hostOf = (url: string): string | undefined =>
  /^[a-z][a-z0-9+.-]*:\/\/(?:[^/?#]*@)?([^/?#]+)/i.exec(url)?.[1];

/** Stands where a format wants a whole URL and the host is not known (RFC 6761: it never resolves). */
export const NO_HOST = "unknown.invalid";

export const wholeUrl = (url: string): string =>
  hostOf(url) === undefined ? `http://${NO_HOST}${targetOf(url)}` : url;

/** traceparent's ids as `<trace>-<span>`; undefined where the header is none. An unknown version is read by its front. */
export function traceIdOf(traceparent: string | undefined): string | undefined {
  const match = /^(?!ff)[0-9a-f]{2}-(?!0{32})([0-9a-f]{32})-(?!0{16})([0-9a-f]{16})-[0-9a-f]{2}(?:-|$)/.exec(
    traceparent ?? "",
  );
  return match ? `${match[1]}-${match[2]}` : undefined;
}
