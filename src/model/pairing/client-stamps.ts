/**
 * The browser's marks of one log, in the order in which they were written, as requests. The only key is the URL: a
 * request is what stands between its sending and the next sending of the same URL. A send stamp is repeated where the
 * write would have blocked, a header stamp after `100 Continue`: the last one counts. Where more ends than sendings
 * come, requests of one URL have overlapped, and which end is whose cannot be told: no mark is guessed.
 */
import type { StampRecord } from "../record";
import type { Joined, Orphan, StampedClient } from "./stamped";

/** µs after which a sending is not the last one repeated. */
const REPEATS = 10e6;

interface Attempt {
  sends: { stamp: number; time: number }[];
  first: { stamp: number; time: number } | null;
  ends: { stamp: number; time: number }[];
  /** Stamps that were taken over by a later one. */
  repeats: number[];
  grain: number;
}

export function joinClientStamps(stamps: readonly StampRecord[]): Joined<StampedClient> {
  const byUrl = new Map<string, Attempt[]>();
  const orphans: Orphan[] = [];
  for (const [index, { url = "", mark, time, grain }] of stamps.entries()) {
    let attempts = byUrl.get(url);
    if (!attempts) {
      attempts = [];
      byUrl.set(url, attempts);
    }
    const last = attempts.at(-1);
    const at = { stamp: index, time };
    if (mark === "requestStart") {
      if (last && !last.first && !last.ends.length && time - last.sends.at(-1)!.time <= REPEATS) last.sends.push(at);
      else attempts.push({ sends: [at], first: null, ends: [], repeats: [], grain });
    } else if (!last || (mark === "responseStart" && last.ends.length >= last.sends.length))
      orphans.push({ stamp: index, reason: `"${mark}" of a request that was never sent` });
    else if (mark === "responseStart") {
      if (last.first) last.repeats.push(last.first.stamp);
      last.first = at;
    } else last.ends.push(at);
  }
  const requests: StampedClient[] = [];
  for (const [url, attempts] of byUrl) requests.push(...settle(url, attempts, orphans));
  requests.sort((a, b) => a.stamps[0]! - b.stamps[0]!);
  return { requests, orphans: orphans.sort((a, b) => a.stamp - b.stamp) };
}

function settle(url: string, attempts: readonly Attempt[], orphans: Orphan[]): StampedClient[] {
  const requests: StampedClient[] = [];
  /** Attempts that have not ended, from the latest that has on. */
  let unended: StampedClient[] = [];
  for (const { sends, first, ends, repeats, grain } of attempts) {
    if (ends.length <= 1) {
      const sent = sends.at(-1)!;
      const request: StampedClient = {
        url,
        grain,
        stamps: [...sends.map(({ stamp }) => stamp), ...repeats],
        requestStart: sent.time,
      };
      for (const [mark, at] of [
        ["responseStart", first],
        ["responseEnd", ends[0]],
      ] as const)
        if (at) {
          request.stamps.push(at.stamp);
          request[mark] = at.time;
        }
      requests.push(request);
      unended = ends.length ? [] : [...unended, request];
      continue;
    }
    const overlapping = unended.length + sends.length;
    if (overlapping === 1) {
      orphans.push(...ends.slice(1).map(({ stamp }) => ({ stamp, reason: "an end of a request that had ended" })));
      const [sent] = sends as [{ stamp: number; time: number }];
      const stamps = [sent.stamp, ...repeats, ...(first ? [first.stamp] : []), ends[0]!.stamp];
      const request: StampedClient = { url, grain, stamps, requestStart: sent.time, responseEnd: ends[0]!.time };
      if (first) request.responseStart = first.time;
      requests.push(request);
    } else {
      const note = `ambiguous: ${overlapping} requests of this URL overlap, and their marks cannot be told apart`;
      for (const earlier of unended) {
        earlier.note = note;
        delete earlier.responseStart;
      }
      for (const { stamp, time } of sends) requests.push({ url, grain, stamps: [stamp], requestStart: time, note });
      for (const stamp of [...repeats, ...(first ? [first.stamp] : []), ...ends.map((end) => end.stamp)])
        orphans.push({ stamp, reason: note });
    }
    unended = [];
  }
  return requests;
}
