/** Why a part of the time is what makes requests slow, as far as the records say. */
import type { DurationKey, SourceLocation } from "../../model/request";
import type { Part } from "../../model/verdict/judge";
import { pathOf } from "../report-columns";
import { sourceLabel } from "../sources";
import { formatBytes } from "../units";
import { average, type Cases } from "./cases";

export interface Cause {
  /** The part in one or two words. */
  label: string;
  /** What slow requests do, behind "Slow requests". */
  phrase: string;
  /** What the time is, behind "is". */
  what: string;
  /** The code to look at, and a request that leads to it, which is looked for when somebody asks. */
  source: SourceLocation | null;
  request(): number;
}

/** Part of the slow requests that has a trait, for the trait to be named. */
const NEARLY_ALL = 0.8;
const HALF = 0.5;
const LARGER = 4;

export function causeOf(part: Part, cases: Cases): Cause {
  return { source: null, request: () => cases.typical, ...CAUSES[part](cases) };
}

type Explained = Pick<Cause, "label" | "phrase" | "what"> & Partial<Cause>;

const CAUSES: Record<Part, (cases: Cases) => Explained> = {
  client: () => ({
    label: "client",
    phrase: "are sent late by the client",
    what: "the client's own delay before it wanted them",
  }),
  connection,
  network: (cases) => {
    const size = larger(cases);
    const way = direction(cases);
    // It has a response's rest read when other processes of its own have the header: until then that lies in the system.
    const reads = areBrowsers(cases) && way !== UP;
    const what = `the network${way}${reads ? ", and the browser until it has read the answer" : ""}`;
    if (size) return { label: "network", phrase: "have larger responses", what: `${what}: ${size}` };
    const phrase = reads ? "spend their time on the network or in the browser" : "spend their time on the network";
    return { label: "network", phrase, what };
  },
  queue: (cases) => {
    const behind = `queue: ${pooled(cases) ? "no worker of the pool was free" : "the server was busy before it looked"}`;
    const phrase = pooled(cases) ? "wait for a free worker" : "wait at the server before it looks";
    return { label: "queue", phrase, what: behind };
  },
  parse: () => ({
    label: "parse",
    phrase: "take long to be received and parsed",
    what: "parse: a large header, or one that comes in slowly",
  }),
  process: (cases) => {
    const { place, isCommon } = handlerOf(cases);
    const child = longestChild(cases);
    const of = place ? `${isCommon ? " of" : ", as in"} ${placeName(place)}` : "";
    const by = { label: "process", source: place };
    // A program that is run is the handler itself.
    if (!child || child.kind === "cgi") return { ...by, phrase: "take long in their own code", what: `process${of}` };
    const { kind, name } = child;
    if (kind === "lock") return { ...by, label: "lock", phrase: "wait for a lock", what: `the wait for ${name}` };
    if (kind === "http")
      return {
        ...by,
        label: "another service",
        phrase: "wait for another service",
        what: `process${of}, which waits for ${name}`,
      };
    return { ...by, phrase: `take long in ${name}`, what: `process${of}, in ${name} (${kind})` };
  },
  send: (cases) => {
    const size = larger(cases);
    return size
      ? { label: "send", phrase: "have larger responses", what: `send: ${size}` }
      : { label: "send", phrase: "wait for a client that reads slowly", what: "send: the client reads slowly" };
  },
};

/** The event loop was kept busy by the requests that `blockers` are. */
export function loopCause(cases: Cases, blockers: ReadonlyMap<number, number>): Cause {
  const { store, facts } = cases;
  const byHandler = new Map<number, number>();
  let all = 0;
  for (const [row, waited] of blockers) {
    const handler = facts.ofServer(row, "handler");
    byHandler.set(handler, (byHandler.get(handler) ?? 0) + waited);
    all += waited;
  }
  const [handler, most] = largest(byHandler) ?? [Number.NaN, 0];
  const [blocker] = largest(new Map([...blockers].filter(([row]) => facts.ofServer(row, "handler") === handler)))!;
  const source = most >= HALF * all ? store.sources.location(handler) : null;
  const who = `${facts.method(blocker)} ${pathOf({ url: facts.url(blocker) })}`;
  const busy = source ? `busy with ${who} (${placeName(source)})` : "busy with other requests";
  return {
    label: "event loop",
    phrase: "wait for the event loop",
    what: `the event loop: ${busy}`,
    source,
    request: () => blocker,
  };
}

/** Half the mean width of the arrival's interval, µs: what is not known of where the network ends and the queue begins. */
export const arrivalUncertainty = ({ slow }: Cases): number => average(slow.uncertainties().arrival);

function connection(cases: Cases): Explained {
  const { slow } = cases;
  const mean = (key: DurationKey): number => average(slow.duration(key));
  const tls = mean("tls");
  const steps: [micros: number, phrase: string, what: string, opens: boolean][] = [
    areBrowsers(cases)
      ? [mean("blocked"), IN_BROWSER, "the browser's own wait, for their turn and for a free connection", false]
      : [mean("blocked"), "wait for a free connection", "the wait for a free connection", false],
    [mean("dns"), "wait for the look-up of a name", "looking up the name", true],
    [mean("connect") - tls, "wait for a connection to be made", "connecting", true],
    [tls, "wait for the TLS handshake", "the TLS handshake", true],
  ];
  const [, phrase, what, opens] = steps.reduce((a, b) => (b[0] > a[0] ? b : a));
  const opened = slow.clientTime("connectEnd").filter((time) => !Number.isNaN(time)).length;
  const each = opens && opened >= NEARLY_ALL * slow.rows.length ? "; nearly each opens its own connection" : "";
  return { label: phrase === IN_BROWSER ? "browser" : "connection", phrase, what: `${what}${each}` };
}

const IN_BROWSER = "wait in the browser";

/** A browser sends and reads when it gets round to it, and only a browser's records tell what asked for each. */
function areBrowsers({ slow }: Cases): boolean {
  const initiators = slow.client("initiator");
  return initiators.filter((one) => !Number.isNaN(one)).length >= NEARLY_ALL * initiators.length;
}

const UP = ", on the way to the server";

/** Which way, where the clocks carry it. */
function direction(cases: Cases): string {
  const { slow, middle } = cases;
  const surplus = (key: DurationKey): number => average(slow.duration(key)) - average(middle.duration(key));
  const [up, down] = [surplus("networkUp"), surplus("networkDown")];
  const unsure = arrivalUncertainty(cases) + average(slow.uncertainties().clocks);
  if (!(Math.abs(up - down) > 2 * unsure)) return "";
  if (up > 2 * Math.max(0, down)) return UP;
  return down > 2 * Math.max(0, up) ? ", on the way back" : "";
}

/** Its connection waited to be handed to a worker: they are the first of their connections, and have a worker's number. */
function pooled({ slow }: Cases): boolean {
  const [worker, ordinal] = [slow.server("worker"), slow.server("ord")];
  return ordinal.filter((one, at) => one === 1 && !Number.isNaN(worker[at]!)).length >= HALF * ordinal.length;
}

function larger({ slow, middle }: Cases): string | null {
  const [large, usual] = [average(slow.shared("bytes")), average(middle.shared("bytes"))];
  return large > LARGER * usual
    ? `their responses are larger, ${formatBytes(Math.round(large))} for ${formatBytes(Math.round(usual))}`
    : null;
}

/** The handler of nearly all slow ones, else of the one that stands for them. */
function handlerOf(cases: Cases): { place: SourceLocation | null; isCommon: boolean } {
  const { slow, facts, store } = cases;
  const handlers = slow.server("handler");
  const counts = new Map<number, number>();
  for (const handler of handlers) if (!Number.isNaN(handler)) counts.set(handler, (counts.get(handler) ?? 0) + 1);
  const [handler, count] = largest(counts) ?? [Number.NaN, 0];
  const isCommon = count >= NEARLY_ALL * handlers.length;
  const place = store.sources.location(isCommon ? handler : facts.ofServer(cases.typical, "handler"));
  return { place, isCommon };
}

/** What the slow ones waited for in most of their process: the longest kind of child spans, and its longest name. */
function longestChild({ slow, store: { children } }: Cases): { kind: string; name: string } | null {
  const kinds = new Map<string, number>();
  const names = new Map<string, Map<string, number>>();
  const [firsts, counts] = [slow.server("firstChild"), slow.server("childCount")];
  for (const [at, first] of firsts.entries()) {
    const end = first + counts[at]!;
    for (let child = first; child < end; child++) {
      const kind = children.kindOf(child);
      const name = children.nameOf(child).replace(/\?.*/s, "");
      const duration = children.duration(child);
      kinds.set(kind, (kinds.get(kind) ?? 0) + duration);
      const own = names.get(kind) ?? new Map<string, number>();
      names.set(kind, own.set(name, (own.get(name) ?? 0) + duration));
    }
  }
  const longest = largest(kinds);
  if (!longest || longest[1] < (average(slow.duration("process")) * firsts.length) / 2) return null;
  const [kind] = longest;
  return { kind, name: largest(names.get(kind)!)![0] };
}

function largest<K>(amounts: ReadonlyMap<K, number>): [key: K, amount: number] | null {
  let most: [K, number] | null = null;
  for (const entry of amounts) if (most === null || entry[1] > most[1]) most = entry;
  return most;
}

/** The last part of the file's path, as the page's link says it. */
const placeName = (place: SourceLocation): string => sourceLabel({ ...place, file: place.file.split(/[\\/]/).pop()! });
