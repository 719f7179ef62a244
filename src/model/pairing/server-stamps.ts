/**
 * The server's marks of all its logs as requests. A process of the pool writes, for each request, its arrival (without
 * any name), the file once it is known, the transaction with its request line, and the file again once all is sent;
 * other processes write in between. The arrival is joined to the next file, the file to itself, the transaction to the
 * file that its path ends in. Where several fit, which is whose cannot be told: that mark stays unknown, and says so.
 */
import type { StampRecord } from "../record";
import type { Micros } from "../time";
import type { Joined, Orphan, StampedServer } from "./stamped";
import { fileAnswers } from "./target-file";

/** µs from a request's arrival to its file, at most: the look-up of the client's name lies between. */
const PARSING = 10e6;
/** µs that a request may take. */
const ANSWERING = 600e6;

/** µs from the transaction to the end: the server does nothing in between. */
const ENDING = 4000;
/** µs after which a request whose transaction was logged has no end: errors and redirects have none. */
const DIED = 100e3;
const NO_END = "its end was not logged: an error, a redirect, or a client that went away";

/** A request on its way. `tied`: it cannot be told apart from others on the same file. */
interface Open extends StampedServer {
  /** Under which it is open: a transaction may name the host later. */
  key: string;
  parseEnd: Micros;
  tied: boolean;
}

type Placed = StampRecord & { index: number };

export function joinServerStamps(stamps: readonly StampRecord[]): Joined<StampedServer> {
  const sorted = stamps.map((stamp, index): Placed => ({ ...stamp, index })).sort((a, b) => a.time - b.time);
  const join = new ServerJoin(sorted.some(({ mark }) => mark === "processEnd"));
  for (let from = 0; from < sorted.length; ) {
    let to = from;
    while (to < sorted.length && sorted[to]!.time === sorted[from]!.time) to++;
    join.moment(sorted.slice(from, to));
    from = to;
  }
  return join.finish();
}

class ServerJoin {
  private readonly requests: StampedServer[] = [];
  private readonly orphans: Orphan[] = [];
  /** Arrivals without a file yet, and how many of them files have claimed without saying which. */
  private arrivals: Placed[] = [];
  private claims = 0;
  private readonly open = new Map<string, Open[]>();

  constructor(private readonly hasTransactions: boolean) {}

  /** Stamps of one tick of the clock, in the only order that makes sense of them. */
  moment(stamps: readonly Placed[]): void {
    const of = (mark: StampRecord["mark"]) => stamps.filter((stamp) => stamp.mark === mark);
    this.arrivals.push(...of("parseStart"));
    const again: Placed[] = [];
    for (const stamp of of("parseEnd"))
      if (this.open.has(keyOf(stamp))) again.push(stamp);
      else this.begin(stamp);
    for (const stamp of of("processEnd")) this.transaction(stamp);
    for (const stamp of again) this.named(stamp);
  }

  finish(): Joined<StampedServer> {
    for (const requests of this.open.values()) for (const request of requests) this.leaveOpen(request);
    for (const { index } of this.arrivals)
      this.orphans.push({ stamp: index, reason: "an arrival that no file follows" });
    this.requests.sort((a, b) => startOf(a) - startOf(b));
    return { requests: this.requests, orphans: this.orphans.sort((a, b) => a.stamp - b.stamp) };
  }

  /** A file's name: parsing is complete. */
  private begin(stamp: Placed): void {
    const { arrival, note } = this.arrivalFor(stamp);
    const key = keyOf(stamp);
    const request: Open = { key, stamps: [stamp.index], grain: stamp.grain, parseEnd: stamp.time, tied: false };
    if (stamp.file !== undefined) request.file = stamp.file;
    if (stamp.host !== undefined) request.host = stamp.host;
    if (note) request.note = note;
    if (arrival) {
      request.parseStart = arrival.time;
      request.stamps.unshift(arrival.index);
    }
    const others = this.open.get(key);
    if (others) others.push(request);
    else this.open.set(key, [request]);
  }

  private arrivalFor(stamp: Placed): { arrival?: Placed; note?: string } {
    const late = this.arrivals.filter(({ time }) => stamp.time - time > PARSING);
    for (const { index } of late) this.orphans.push({ stamp: index, reason: "an arrival that no file follows" });
    if (late.length) {
      this.arrivals = this.arrivals.filter((arrival) => !late.includes(arrival));
      this.claims = Math.max(0, this.claims - late.length);
    }
    const fitting = this.fitting(stamp);
    if (!fitting.length) return { note: "no arrival was logged before it" };
    if (fitting.length === 1 && this.claims === 0) {
      this.arrivals = this.arrivals.filter((arrival) => arrival !== fitting[0]);
      return { arrival: fitting[0]! };
    }
    const note = `ambiguous: ${this.arrivals.length} requests had arrived, and which arrival is this one's cannot be told`;
    this.claim(note);
    return { note };
  }

  /** One of the arrivals is a request's whose own it cannot be told to be; once all are, none waits any longer. */
  private claim(reason: string): void {
    if (++this.claims < this.arrivals.length) return;
    for (const { index } of this.arrivals) this.orphans.push({ stamp: index, reason });
    this.arrivals = [];
    this.claims = 0;
  }

  private fitting(stamp: Placed): Placed[] {
    return this.arrivals.filter(
      ({ host, time }) => stamp.time - time <= PARSING && (!host || !stamp.host || host === stamp.host),
    );
  }

  /** A file's name while a request for it is open: its end, or another request for the same file. */
  private named(stamp: Placed): void {
    const requests = this.open.get(keyOf(stamp)) ?? [];
    const ready = this.hasTransactions
      ? requests.filter(({ processEnd, tied }) => processEnd !== undefined || tied)
      : requests;
    const request = ready[0];
    if (!request) {
      this.begin(stamp);
      return;
    }
    const since = stamp.time - (request.processEnd ?? request.parseEnd);
    const another = this.fitting(stamp).length > 0 && !(this.hasTransactions && since <= ENDING);
    if (another && since > DIED && !request.tied) {
      request.note ??= NO_END;
      this.close(request);
      this.begin(stamp);
      return;
    }
    if (ready.length > 1 || request.tied || another) {
      this.tie(ready);
      if (another) this.claim("ambiguous: it may be the arrival of a request for a file that was being answered");
      this.orphans.push({ stamp: stamp.index, reason: "ambiguous: the end of one of several requests for this file" });
    } else {
      request.sendEnd = stamp.time;
      request.stamps.push(stamp.index);
    }
    this.close(request);
  }

  private transaction(stamp: Placed): void {
    const fitting = [...this.open.values()]
      .flat()
      .filter(
        ({ file, host, processEnd, parseEnd }) =>
          processEnd === undefined &&
          stamp.time - parseEnd <= ANSWERING &&
          (!host || host === stamp.host) &&
          fileAnswers(file ?? "", stamp.target ?? ""),
      );
    const free = fitting.filter(({ tied }) => !tied);
    if (fitting.length > 1) {
      this.tie(fitting);
      this.orphans.push({
        stamp: stamp.index,
        reason: "ambiguous: the transaction of one of several requests for this file",
      });
    } else if (free[0]) fill(free[0], stamp);
    else if (fitting[0]) this.orphans.push({ stamp: stamp.index, reason: fitting[0].note! });
    else this.alone(stamp);
  }

  /** A transaction without a file: all there is where only this log was kept; or a request that could not be read. */
  private alone(stamp: Placed): void {
    const request: StampedServer = { stamps: [], grain: stamp.grain };
    fill(request, stamp);
    if (stamp.host === "-" && this.arrivals.length === 1 && this.claims === 0) {
      const [arrival] = this.arrivals.splice(0, 1) as [Placed];
      request.parseStart = arrival.time;
      request.stamps.unshift(arrival.index);
    }
    this.requests.push(request);
  }

  private tie(requests: readonly Open[]): void {
    for (const request of requests) {
      if (request.tied) continue;
      request.tied = true;
      request.note = `ambiguous: ${requests.length} requests for this file overlap, and their marks cannot be told apart`;
      delete request.processEnd;
    }
  }

  private close(request: Open): void {
    const { key } = request;
    const rest = (this.open.get(key) ?? []).filter((other) => other !== request);
    if (rest.length) this.open.set(key, rest);
    else this.open.delete(key);
    this.keep(request);
  }

  /** Errors, redirects and clients that went away leave no end. */
  private leaveOpen(request: Open): void {
    request.note ??= NO_END;
    this.keep(request);
  }

  private keep({ key: _key, tied: _tied, ...request }: Open): void {
    this.requests.push(request);
  }
}

function fill(request: StampedServer, { time, index, host, method, target }: Placed): void {
  request.processEnd = time;
  request.stamps.push(index);
  if (host !== undefined) request.host = host;
  if (method !== undefined) request.method = method;
  if (target !== undefined) request.target = target;
}

const keyOf = ({ host = "", file = "" }: { host?: string; file?: string }): string => `${host} ${file}`;
const startOf = ({ parseStart, parseEnd, processEnd }: StampedServer): number =>
  parseStart ?? parseEnd ?? processEnd ?? Number.NaN;
