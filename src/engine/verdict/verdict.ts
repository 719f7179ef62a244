/**
 * The answer in one sentence: which part of the time makes the slow requests slow, what is known of why, and the code to
 * look at. Withheld where its uncertainty is larger than the effect; where no part stands out, it says that.
 */
import { CLEARLY, type Judgement, judge, judgeOne, largestPart, type Sample } from "../../model/verdict/judge";
import type { SessionInfo } from "../../protocol/messages";
import { blockerRow } from "../blocking";
import { finish, interlude, type Steps } from "../steps";
import type { Store } from "../store";
import { formatMicros } from "../units";
import { Cases } from "./cases";
import { arrivalUncertainty, type Cause, causeOf, loopCause } from "./causes";
import { type Judged, judgedGroups, judgedOf, judgedRows, judgedSteps } from "./judged";

export type Verdict = NonNullable<SessionInfo["verdict"]>;

interface Found {
  judgement: Judgement;
  /** Null: no part stands out, or it cannot be told which. */
  cause: Cause | null;
  share: number;
  /** How far the arrival is unknown, µs, where that forbids a cause. */
  unsure: number | null;
}

/** On all requests, or on some of them in order of time; null where there are too few. */
export const verdictOf = (store: Store, among?: ArrayLike<number>): Verdict | null =>
  finish(verdictSteps(store, among));

export function* verdictSteps(store: Store, among?: ArrayLike<number>): Steps<Verdict | null> {
  const judged = yield* judgedSteps(store, among ?? (yield* store.spine.rowSteps()));
  const judgement = judge(judged.sample, judged.starts);
  yield;
  if (!judgement) return null;
  const { request, ...words } = inWords(find(store, judged, judgement), judged);
  return { ...words, request: request() };
}

/** One request beside the middle ones of `among`; null where that says nothing. */
export function verdictOfOne(store: Store, row: number, among: ArrayLike<number>, most: number): string | null {
  const others = judgedRows(store, among, most);
  const rows = others.includes(row) ? others : Uint32Array.of(...others, ...judgedRows(store, [row], 1));
  const index = rows.indexOf(row);
  if (index < 0) return null;
  const judged = finish(judgedOf(store, rows));
  const judgement = judgeOne(judged.sample, index);
  if (!judgement) return null;
  const { cause, share } = find(store, judged, judgement);
  const { slowest, median } = judgement;
  if (!cause || slowest < 2 * median) return null;
  return `${formatMicros(slowest)} for ${formatMicros(median)} at its route's median: ${percent(share)} of the difference is ${cause.what}.`;
}

/** So many requests of a group tell what makes its slow ones slow. */
const OF_A_GROUP = 150;

export interface GroupVerdict {
  /** In a word or two. */
  part: string;
  text: string;
}

/** Of groups of requests in any order; null where no part stands out. */
export const groupVerdicts = (store: Store, groups: readonly ArrayLike<number>[]): (GroupVerdict | null)[] =>
  judgedGroups(store, groups, OF_A_GROUP).map((judged) => {
    interlude();
    const judgement = judge(judged.sample, judged.starts);
    if (!judgement) return null;
    const found = find(store, judged, judgement);
    return found.cause && { part: found.cause.label, text: inWords(found, judged).text };
  });

export const groupVerdict = (store: Store, rows: ArrayLike<number>): GroupVerdict | null =>
  groupVerdicts(store, [rows])[0]!;

function find(store: Store, judged: Judged, judgement: Judgement): Found {
  const nothing = { judgement, cause: null, share: 0, unsure: null };
  if (judgement.of === "none") return nothing;
  const [slow, middle] = [judgement.slow, judgement.middle].map((indices) =>
    indices.map((index) => judged.rows[index]!),
  ) as [number[], number[]];
  const cases = new Cases(store, slow, middle);
  const { amounts, whole } = judgement;
  const loop = findLoop(cases, judged, judgement);
  if (loop) return { judgement, ...loop, unsure: null };
  const part = largestPart(judgement);
  if (amounts.queue + amounts.network >= CLEARLY * whole) {
    const unsure = arrivalUncertainty(cases);
    if (Math.max(amounts.queue, amounts.network) < unsure) return { ...nothing, unsure };
  }
  if (!part) return judgement.first ? { ...nothing, judgement: { ...judgement, of: "none" } } : nothing;
  return { judgement, cause: causeOf(part, cases), share: amounts[part] / whole, unsure: null };
}

/**
 * Requests that waited for the event loop, and those among the slow ones that kept it busy, have the same cause: one has
 * its time in the queue, the other in its own process.
 */
function findLoop(
  cases: Cases,
  { rows, sample }: Judged,
  judgement: Judgement,
): { cause: Cause; share: number } | null {
  const { store, facts } = cases;
  if (store.server.column("blockedBy").isEmpty) return null;
  const { slow, middle, of, whole } = judgement;
  const usual = (part: "queue" | "process"): number =>
    of === "slow" ? middle.reduce((sum, index) => sum + sample[part][index]!, 0) / (middle.length || 1) : 0;
  const [usualQueue, usualProcess] = [usual("queue"), usual("process")];
  const blockers = new Map<number, number>();
  const step = Math.max(1, Math.floor(slow.length / cases.slow.rows.length));
  let waited = 0;
  for (let at = 0; at < slow.length; at += step) {
    const index = slow[at]!;
    const row = rows[index]!;
    if (!facts.blocked(row)) continue;
    const blocker = blockerRow(store, row);
    const surplus = sample.queue[index]! - usualQueue;
    if (blocker === null || surplus <= 0) continue;
    blockers.set(blocker, (blockers.get(blocker) ?? 0) + surplus);
    waited += surplus * step;
  }
  if (waited === 0) return null;
  let kept = 0;
  for (const index of slow) if (blockers.has(rows[index]!)) kept += Math.max(0, sample.process[index]! - usualProcess);
  const share = (waited + kept) / slow.length / whole;
  return share >= CLEARLY ? { cause: loopCause(cases, blockers), share: Math.min(1, share) } : null;
}

/** A verdict whose request is looked for when somebody asks. */
type Words = Omit<Verdict, "request"> & { request(): number | null };

function inWords({ judgement, cause, share, unsure }: Found, { rows, sample }: Judged): Words {
  const { of, slow, first, moments, slowest, median } = judgement;
  const included = waitsBefore(judgement, sample) ? ", waits before sending included" : "";
  const most = `The slowest ${slow.length} of ${rows.length} take ${formatMicros(slowest)} (median ${formatMicros(median)})${included}`;
  if (unsure !== null)
    return {
      title: "Queue or network: it cannot be told.",
      text: `${most}. What they wait for lies between the network and the server's queue; their arrival is known to ± ${formatMicros(unsure)} only.`,
      source: null,
      request: () => rows[slow[Math.floor(slow.length / 2)]!]!,
    };
  const stall = moments > 0 && `Requests were slow at ${moments === 1 ? "one moment" : "two moments"} only.`;
  if (!cause)
    return {
      title: stall || (of === "slow" ? "No single part makes the slow requests slow." : "No part stands out."),
      text:
        of === "slow"
          ? `${most}, for several reasons.`
          : `${rows.length} requests take ${formatMicros(median)} at the median${included}.`,
      source: null,
      request: () => null,
    };
  const { source, request, what } = cause;
  if (of === "all")
    return {
      title: `Requests ${cause.phrase}.`,
      text: `They take ${formatMicros(median)} at the median${included}; ${percent(share)} of their time is ${what}.`,
      source,
      request,
    };
  const cold = first && !["connection", "browser"].includes(cause.label);
  return {
    title: stall || (cold ? "The first requests are slow: a cold start." : `Slow requests ${cause.phrase}.`),
    text: `${most}; ${percent(share)} of the difference is ${what}.`,
    source,
    request,
  };
}

/** From this part of the median on, what is judged is visibly longer than the R C that the rows show. */
const VISIBLY = 0.05;

/** Whether what the middle ones waited before they were sent, which is not in their R C, counts in their time. */
function waitsBefore({ middle, median }: Judgement, { client, connection }: Sample): boolean {
  const waited = middle.reduce((sum, index) => sum + client[index]! + connection[index]!, 0);
  return waited > VISIBLY * median * middle.length;
}

const percent = (share: number): string => `${Math.round(share * 100)} %`;
