/**
 * Stage A's sweep: where the bounds contradict each other the clock has stepped, unless leaving out one pair makes the
 * rest feasible: then that pair is an outlier. What it is, the pairs that follow decide. O(1) for each bound.
 */
import { RHO } from "./envelope";
import { type BoundEvents, LOWER, type Side, UPPER } from "./events";

export interface Segmentation {
  /** Index of the event with which each epoch begins at the latest. The first is 0. */
  starts: number[];
  outliers: Set<number>;
}

/** So many bounds after a contradiction it is decided with what is known. */
const PATIENCE = 128;
/** µs: rounding errors of a double are no contradiction. */
const SLACK = 1e-6;

export function segment(events: BoundEvents): Segmentation {
  const found: Segmentation = { starts: events.count ? [0] : [], outliers: new Set() };
  const base = events.time[0] ?? 0;
  const reader = (index: number): Bound => ({
    side: events.side[index] as Side,
    pair: events.pair[index]!,
    weight: events.value[index]! + RHO * (events.time[index]! - base),
    decay: 2 * RHO * (events.time[index]! - base),
  });
  let state = new Feasible();
  for (let index = 0; index < events.count; ) {
    const bound = reader(index);
    if (found.outliers.has(bound.pair) || state.accept(bound)) index++;
    else ({ state, index } = decide(state, index, events.count, reader, found));
  }
  return found;
}

interface Bound {
  side: Side;
  pair: number;
  /** The bound, carried to the base's time: forward in time all bounds weaken alike, so their order stays. */
  weight: number;
  /** What two opposite bounds have lost together since the base. */
  decay: number;
}

/** Event `at` contradicts the state. Three readings are followed until the events that come leave one. */
function decide(
  state: Feasible,
  at: number,
  count: number,
  reader: (index: number) => Bound,
  found: Segmentation,
): { state: Feasible; index: number } {
  const first = reader(at);
  const newcomer = first.pair;
  const holder = state.holder(first.side === LOWER ? UPPER : LOWER);
  /** The newcomer is the outlier; the one that it contradicts is; the clock has stepped. */
  let withoutNewcomer: Feasible | null = state.without(newcomer);
  let withoutHolder: Feasible | null = state.without(holder);
  if (!withoutHolder.accept(first)) withoutHolder = null;
  const stepped = new Feasible();
  stepped.accept(first);

  const end = Math.min(count, at + PATIENCE);
  let index = at + 1;
  for (; index < end; index++) {
    const bound = reader(index);
    if (found.outliers.has(bound.pair)) continue;
    const a = withoutNewcomer !== null && (bound.pair === newcomer || withoutNewcomer.accept(bound));
    const b = withoutHolder !== null && (bound.pair === holder || withoutHolder.accept(bound));
    const c = stepped.accept(bound);
    if (!a && !b && c) {
      found.starts.push(at);
      return { state: stepped, index: index + 1 };
    }
    // All contradict this one: it is a contradiction of its own, after the older reading that lasted.
    if (!a && !b) break;
    if (a && !c) {
      found.outliers.add(newcomer);
      return { state: withoutNewcomer!, index: index + 1 };
    }
    if (!a) withoutNewcomer = null;
    if (!b) withoutHolder = null;
  }
  // Undecided: with either pair left out the rest agrees, and only leaving out both is safe.
  if (withoutNewcomer) found.outliers.add(newcomer);
  if (withoutHolder) found.outliers.add(holder);
  if (withoutNewcomer && withoutHolder) return { state: withoutNewcomer.without(holder), index };
  return { state: (withoutNewcomer ?? withoutHolder)!, index };
}

/** The strongest bounds of either side, each from another pair, so that one can be left out. */
class Feasible {
  constructor(private readonly sides: readonly [Strongest, Strongest] = [new Strongest(), new Strongest()]) {}

  /** Takes the bound in, or leaves all as it was and says false: it contradicts. */
  accept({ side, pair, weight, decay }: Bound): boolean {
    if (weight + this.sides[side === LOWER ? UPPER : LOWER].weight() - decay > SLACK) return false;
    this.sides[side].add(pair, weight);
    return true;
  }

  holder(side: Side): number {
    return this.sides[side].pair();
  }

  without(pair: number): Feasible {
    return new Feasible([this.sides[LOWER].without(pair), this.sides[UPPER].without(pair)]);
  }
}

/** Four are enough: three left out in one place before the next bound comes are no longer outliers. */
const KEPT = 4;

class Strongest {
  private readonly pairs: number[] = [];
  private readonly weights: number[] = [];

  weight(): number {
    return this.weights.length ? this.weights[0]! : Number.NEGATIVE_INFINITY;
  }

  pair(): number {
    return this.pairs.length ? this.pairs[0]! : -1;
  }

  add(pair: number, weight: number): void {
    const { pairs, weights } = this;
    if (weights.length === KEPT && weight <= weights[KEPT - 1]!) return;
    const known = pairs.indexOf(pair);
    if (known >= 0) {
      if (weights[known]! >= weight) return;
      pairs.splice(known, 1);
      weights.splice(known, 1);
    }
    let place = weights.length;
    while (place > 0 && weights[place - 1]! < weight) place--;
    if (place >= KEPT) return;
    for (let i = Math.min(weights.length, KEPT - 1); i > place; i--) {
      weights[i] = weights[i - 1]!;
      pairs[i] = pairs[i - 1]!;
    }
    weights[place] = weight;
    pairs[place] = pair;
  }

  without(pair: number): Strongest {
    const rest = new Strongest();
    for (let i = 0; i < this.pairs.length; i++)
      if (this.pairs[i] !== pair) {
        rest.pairs.push(this.pairs[i]!);
        rest.weights.push(this.weights[i]!);
      }
    return rest;
  }
}
