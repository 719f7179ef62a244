/**
 * The session's answer in one sentence: which part of the time makes the slow requests slow, what is known of why, and
 * the code to look at. Withheld where its uncertainty is larger than the effect; nothing where no part stands out.
 */
import { arrivalOf } from "../model/metrics";
import type { DurationKey } from "../model/request";
import { type Judgement, judge, mean, type Part, type Sample } from "../model/verdict/judge";
import type { SessionInfo } from "../protocol/messages";
import { RowFacts } from "./row-facts";
import type { Store } from "./store";
import { formatBytes, formatMicros } from "./units";

export type Verdict = NonNullable<SessionInfo["verdict"]>;

/** So many requests, evenly taken, tell as much as all. */
const MOST = 50_000;
/** Part of the slow requests that has a trait, for the trait to be named. */
const NEARLY_ALL = 0.8;
const LARGER = 4;
/** The session's first requests, as a part of all. */
const FIRST = 0.05;

export function verdictOf(store: Store): Verdict | null {
  const facts = new RowFacts(store);
  const rows = judged(store, facts);
  const column = (of: (row: number) => number): Float64Array =>
    Float64Array.from(rows, (row) => Math.max(0, of(row) || 0));
  const duration = (key: DurationKey): Float64Array => column((row) => facts.duration(row, key));
  const queue = duration("queue");
  const sample: Sample = {
    connection: column((row) => before(facts, row)),
    network: duration("network").map((value, i) => Math.max(0, value - queue[i]!)),
    queue,
    parse: duration("parse"),
    process: duration("process"),
    send: duration("send"),
  };
  const found = judge(sample);
  return found && verdict(store, facts, rows, found);
}

/** Requests that say something of the server: complete, of the probe, known from one end to the other. */
function judged(store: Store, facts: RowFacts): number[] {
  const rows: number[] = [];
  const all = store.spine.rows();
  const step = Math.max(1, all.length / MOST);
  for (let at = 0; at < all.length; at += step) {
    const row = all[Math.floor(at)]!;
    if (store.rows.isEmpty(row) || facts.isWarmup(row) || facts.isInterference(row)) continue;
    if (facts.state(row) === "complete" && !Number.isNaN(facts.duration(row, "serverResponse"))) rows.push(row);
  }
  return rows;
}

/** From the object being wanted to the request being sent. */
function before(facts: RowFacts, row: number): number {
  const wanted = facts.stamp(row, "fetchStart");
  return facts.stamp(row, "requestStart") - wanted;
}

const NAMES: Record<Part, string> = {
  connection: "Getting a connection",
  network: "The network",
  queue: "Waiting at the server before it looks",
  parse: "Receiving and parsing the request",
  process: "Processing",
  send: "Sending the response",
};

function verdict(store: Store, facts: RowFacts, rows: readonly number[], found: Judgement): Verdict {
  const { of, part, share, micros } = found;
  const slow = found.slow.map((index) => rows[index]!);
  const middle = found.middle.map((index) => rows[index]!);
  // The one in the middle of the slow ones stands for them.
  const typical = slow.toSorted((a, b) => total(facts, a) - total(facts, b))[Math.floor(slow.length / 2)]!;
  const percent = `${Math.round(share * 100)} %`;
  const unsure = part === "queue" || part === "network" ? arrivalUncertainty(facts, slow) : 0;
  if (unsure > micros)
    return {
      title: "Queue or network: it cannot be told.",
      text: `What the slow requests wait for lies between the network and the server's queue; their arrival is known to ± ${formatMicros(unsure)} only.`,
      source: null,
      request: typical,
    };
  const why = reason(store, facts, part, slow, middle);
  const cold = of === "slow" && areFirst(rows, found.slow) ? " They are the first of the session: a cold start." : "";
  return {
    title: `${NAMES[part]} ${of === "slow" ? "makes the slow requests slow" : "takes most of the time"}.`,
    text:
      of === "slow"
        ? `It is ${percent} of what the slowest ${slow.length} requests take longer than the middle ones, ${formatMicros(micros)} each${why}.${cold}`
        : `It is ${percent} of each request's time, ${formatMicros(micros)} at the mean${why}.`,
    source: part === "process" ? store.sources.location(facts.ofServer(typical, "handler")) : null,
    request: typical,
  };
}

const total = (facts: RowFacts, row: number): number => {
  const client = facts.duration(row, "clientResponse");
  return Number.isNaN(client) ? facts.duration(row, "serverResponse") : client;
};

/** Half the mean width of the arrival's interval, µs. */
function arrivalUncertainty(facts: RowFacts, rows: readonly number[]): number {
  const widths = Float64Array.from(rows, (row) => {
    const [earliest, latest] = arrivalOf(facts.stamps(row), facts.offset(row));
    return latest - earliest;
  });
  return mean(widths, Array.from(rows.keys())) / 2;
}

const areFirst = (rows: readonly number[], slow: readonly number[]): boolean =>
  slow.filter((index) => index <= Math.max(slow.length, FIRST * rows.length)).length >= NEARLY_ALL * slow.length;

/** Why, as far as the records say; begins with a colon, or is empty. */
function reason(store: Store, facts: RowFacts, part: Part, slow: readonly number[], middle: readonly number[]): string {
  const average = (rows: readonly number[], key: DurationKey): number =>
    mean(
      Float64Array.from(rows, (row) => facts.duration(row, key) || 0),
      Array.from(rows.keys()),
    );
  switch (part) {
    case "connection": {
      const steps = [
        ["waiting for a free connection", average(slow, "blocked")],
        ["looking up the name", average(slow, "dns")],
        ["connecting", average(slow, "connect") - average(slow, "tls")],
        ["the TLS handshake", average(slow, "tls")],
      ] as const;
      const [longest] = steps.toSorted((a, b) => b[1] - a[1])[0]!;
      const opened = slow.filter((row) => !Number.isNaN(facts.stamp(row, "connectEnd"))).length;
      const each =
        longest.startsWith("waiting") || opened < NEARLY_ALL * slow.length ? "" : "; nearly each opens its own";
      return `: ${longest}${each}`;
    }
    case "queue":
      return ": its event loop was busy, or its pool had no free worker";
    case "process":
      return `: ${processing(store, facts, slow)}`;
    case "network":
    case "send":
      return size(facts, slow, middle) ?? (part === "send" ? ": the client reads slowly" : "");
    default:
      return "";
  }
}

function size(facts: RowFacts, slow: readonly number[], middle: readonly number[]): string | null {
  const bytes = (rows: readonly number[]): number =>
    mean(
      Float64Array.from(rows, (row) => facts.bytes(row) || 0),
      Array.from(rows.keys()),
    );
  const [large, usual] = [bytes(slow), bytes(middle)];
  return large > LARGER * usual && large > 0
    ? `: their responses are larger, ${formatBytes(Math.round(large))} for ${formatBytes(Math.round(usual))}`
    : null;
}

/** Its own code, or what it waited for. */
function processing(store: Store, facts: RowFacts, slow: readonly number[]): string {
  const waits = new Map<string, number>();
  let whole = 0;
  for (const row of slow) {
    whole += facts.duration(row, "process") || 0;
    const first = facts.ofServer(row, "firstChild");
    const count = Number.isNaN(first) ? 0 : facts.ofServer(row, "childCount");
    for (let child = first; child < first + count; child++) {
      const kind = store.children.kindOf(child);
      waits.set(kind, (waits.get(kind) ?? 0) + store.children.duration(child));
    }
  }
  const [kind, waited] = [...waits].sort((a, b) => b[1] - a[1])[0] ?? ["", 0];
  if (waited < whole / 2) return "in its own code, as far as it was recorded";
  return kind === "http" ? "waiting for another service" : kind === "lock" ? "waiting for a lock" : `in ${kind} spans`;
}

/** Grown by this factor since, a session is judged anew: following a recording costs O(1) a request. */
const GROWN = 1.1;

/** The verdict as of late: a session that is followed is asked ten times a second. */
export class LatestVerdict {
  private latest: Verdict | null = null;
  private judged = -1;
  private wasRecording = false;

  constructor(private readonly store: Store) {}

  get(): Verdict | null {
    const { rows, recording } = this.store;
    if (this.judged < 0 || rows.requests > GROWN * this.judged || recording !== this.wasRecording) {
      this.latest = verdictOf(this.store);
      this.judged = rows.requests;
      this.wasRecording = recording;
    }
    return this.latest;
  }
}
