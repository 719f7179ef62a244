/**
 * Chrome's trace event format, JSON (opens in Perfetto and chrome://tracing): two processes, client and server, each with
 * as many lanes as requests overlap; a slice a request, slices of its phases inside. The server's times are put on the
 * client's clock where the offset is known, with its uncertainty among the arguments; else they are raw, and say so.
 */
import type { TimelineRequest } from "../model/request";
import type { Micros } from "../model/time";
import {
  clientMarks,
  type Encoder,
  type Exchanged,
  type KnownMarks,
  serverMarks,
  spanOfMarks,
  targetOf,
} from "./exchange";

const PROCESSES = [
  { pid: 1, name: "client" },
  { pid: 2, name: "server" },
] as const;
const CLIENT_PHASES = [
  ["domainLookupStart", "domainLookupEnd", "dns"],
  ["connectStart", "connectEnd", "connect"],
  ["requestStart", "responseStart", "wait"],
  ["responseStart", "responseEnd", "load"],
] as const;
const SERVER_PHASES = [
  ["parseStart", "parseEnd", "parse"],
  ["parseEnd", "processEnd", "process"],
  ["processEnd", "sendEnd", "send"],
] as const;

export const encodeChromeTrace: Encoder = function* (items) {
  const lanes = PROCESSES.map(() => new Lanes());
  yield `{"displayTimeUnit":"ms","traceEvents":[\n${PROCESSES.map(({ pid, name }) =>
    JSON.stringify({ name: "process_name", ph: "M", pid, tid: 0, args: { name } }),
  ).join(",\n")}`;
  for (const item of items)
    for (const event of eventsOf(item, lanes as [Lanes, Lanes])) yield `,\n${JSON.stringify(event)}`;
  yield "\n]}\n";
};

/** Rows of a process in which slices do not overlap. */
class Lanes {
  private readonly ends: Micros[] = [];

  /** Number of the first row that is free then, from 1. */
  take(from: Micros, to: Micros): number {
    const free = this.ends.findIndex((end) => end <= from);
    const lane = free < 0 ? this.ends.length : free;
    this.ends[lane] = to;
    return lane + 1;
  }
}

function* eventsOf({ request, offset }: Exchanged, [clientLanes, serverLanes]: [Lanes, Lanes]): Generator<object> {
  const name = `${request.method} ${targetOf(request.url)}`;
  const facts = factsOf(request);
  const client = clientMarks(request.marks);
  const wanted = spanOfMarks(client);
  if (wanted) yield* slices(1, clientLanes, name, wanted, phasesOf(client, CLIENT_PHASES, 0), facts);
  const marks = serverMarks(request.marks);
  const span = spanOfMarks(marks);
  if (!span) return;
  const shift = offset?.value ?? 0;
  const clock = offset ? { offset: offset.value, uncertainty: offset.uncertainty } : { raw: true };
  const phases = phasesOf(marks, SERVER_PHASES, shift);
  const handler =
    request.handler && `${request.handler.file}${request.handler.line === null ? "" : `:${request.handler.line}`}`;
  const moved = [span[0] - shift, span[1] - shift] as const;
  yield* slices(2, serverLanes, name, moved, phases, { ...facts, ...clock, ...(handler && { handler }) });
}

type Phase = readonly [name: string, from: Micros, to: Micros];

function* slices(
  pid: number,
  lanes: Lanes,
  name: string,
  [from, to]: readonly [Micros, Micros],
  phases: readonly Phase[],
  args: object,
): Generator<object> {
  const tid = lanes.take(from, to);
  yield { name, cat: "request", ph: "X", ts: from, dur: to - from, pid, tid, args };
  for (const [phase, start, end] of phases)
    yield { name: phase, cat: "phase", ph: "X", ts: start, dur: end - start, pid, tid };
}

function phasesOf(
  marks: KnownMarks,
  phases: readonly (readonly [Exclude<keyof KnownMarks, "arrival">, Exclude<keyof KnownMarks, "arrival">, string])[],
  shift: Micros,
): Phase[] {
  return phases.flatMap(([from, to, name]) => {
    const [start, end] = [marks[from], marks[to]];
    return start === undefined || end === undefined || end < start ? [] : [[name, start - shift, end - shift] as const];
  });
}

const factsOf = ({ id, status, bytes, state, pairing, route }: TimelineRequest): object => ({
  state,
  pairing,
  ...(id !== null && { id }),
  ...(status !== null && { status }),
  ...(bytes !== null && { bytes }),
  ...(route !== null && { route }),
});
