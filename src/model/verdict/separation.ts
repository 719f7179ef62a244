/**
 * How well a trait separates the slow requests from the others: the probability that a slow one's value has more slow
 * ones than another's (the area under the ROC curve; 0.5 is chance). A value's rate of slow ones is learnt on one half of
 * the requests and judged on the other, so that a trait with many values gains nothing by having many.
 */
import { normalQuantile } from "../statistics/distributions";

export interface Separation {
  /** 0.5 is chance, 1 is always. */
  auc: number;
  /** Lower confidence bound of it. */
  low: number;
}

/** A value's rate is that of all until it has some requests of its own. */
const PRIOR = 1;

/**
 * `codes` are the values' numbers from 0 on, `slow` is 1 or 0. The bounds of so many traits (`alternatives`) hold
 * together with 95 %.
 */
export function separation(codes: Uint32Array, slow: Uint8Array, alternatives = 1): Separation {
  let size = 0;
  for (const code of codes) if (code >= size) size = code + 1;
  const halves = [0, 1].map((half) => counted(codes, slow, size, half));
  const all = halves.map((half) => half.slow.reduce((sum, count) => sum + count, 0));
  const rest = halves.map((half) => half.rest.reduce((sum, count) => sum + count, 0));
  const [areas, weights] = [
    [0, 0],
    [0, 0],
  ];
  for (const half of [0, 1]) {
    const learnt = halves[1 - half]!;
    const base = (all[1 - half]! + PRIOR) / (all[1 - half]! + rest[1 - half]! + 2 * PRIOR);
    const rates = Float64Array.from({ length: size }, (_, code) => {
      const known = learnt.slow[code]! + learnt.rest[code]!;
      return (learnt.slow[code]! + PRIOR * base) / (known + PRIOR);
    });
    weights[half] = all[half]! * rest[half]!;
    areas[half] = weights[half]! > 0 ? area(halves[half]!, rates) / weights[half]! : 0.5;
  }
  const weight = weights[0]! + weights[1]!;
  const auc = weight > 0 ? (areas[0]! * weights[0]! + areas[1]! * weights[1]!) / weight : 0.5;
  const z = normalQuantile(1 - 0.05 / alternatives);
  // What the halves have in common by chance shows in both areas: they are as good as one, on half of the requests.
  const spread = Math.SQRT2 * error(auc, all[0]! + all[1]!, rest[0]! + rest[1]!);
  return { auc, low: auc - z * spread };
}

interface Counts {
  slow: Uint32Array;
  rest: Uint32Array;
}

function counted(codes: Uint32Array, slow: Uint8Array, size: number, half: number): Counts {
  const counts = { slow: new Uint32Array(size), rest: new Uint32Array(size) };
  for (let i = 0; i < codes.length; i++) {
    if (coin(i) !== half) continue;
    (slow[i] ? counts.slow : counts.rest)[codes[i]!]!++;
  }
  return counts;
}

/** Which half a request is in: not by turns, since neighbours in time are alike. */
function coin(index: number): number {
  const mixed = Math.imul(index ^ (index >>> 16), 0x45d9f3b);
  return Math.imul(mixed ^ (mixed >>> 16), 0x45d9f3b) >>> 31;
}

/** Pairs of a slow one and another of which the slow one's value has the greater rate; those of equal rate count half. */
function area({ slow, rest }: Counts, rates: Float64Array): number {
  const order = Array.from(rates.keys()).sort((a, b) => rates[a]! - rates[b]!);
  let pairs = 0;
  let below = 0;
  for (let from = 0; from < order.length; ) {
    let [slowHere, restHere] = [0, 0];
    let to = from;
    for (; to < order.length && rates[order[to]!] === rates[order[from]!]; to++) {
      slowHere += slow[order[to]!]!;
      restHere += rest[order[to]!]!;
    }
    pairs += slowHere * (below + restHere / 2);
    below += restHere;
    from = to;
  }
  return pairs;
}

/** Standard error of the area (Hanley and McNeil 1982). */
function error(auc: number, slow: number, rest: number): number {
  if (!slow || !rest) return Number.POSITIVE_INFINITY;
  const q1 = auc / (2 - auc);
  const q2 = (2 * auc * auc) / (1 + auc);
  const square = auc * auc;
  const variance = auc * (1 - auc) + (slow - 1) * (q1 - square) + (rest - 1) * (q2 - square);
  return Math.sqrt(Math.max(0, variance) / (slow * rest));
}
