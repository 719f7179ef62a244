/** What the slow requests have that the others have not, the trait that separates them best first. */
import { quantileSorted } from "../../model/statistics/quantile";
import { SLOWEST, totalsOf } from "../../model/verdict/judge";
import { type Separation, separation } from "../../model/verdict/separation";
import type { Difference, Differences } from "../../protocol/messages";
import { codesOf } from "../codes";
import { compileFilter } from "../filter";
import { known } from "../known";
import { RowColumns } from "../row-columns";
import { sortNumbers } from "../sort";
import { finish, inSteps, ROWS_A_STEP, type Steps } from "../steps";
import type { Store } from "../store";
import { selectRows } from "../view";
import { type Judged, judgedSteps } from "./judged";
import { type Amount, amounts, below, type NamedTrait, namedTraits } from "./traits";
import { verdictSteps } from "./verdict";

/** Fewer requests, and nothing is said of what they have in common. */
const FEWEST = 30;
/** A trait that separates less is not worth a line. */
const WORTH = 0.6;
const BINS = 20;
/** The time that the session took, in so many slots. */
const SLOTS = 20;

/** Among the requests that a filter lets through; an empty one lets all through. */
export const differencesOf = (store: Store, filter: string): Differences => finish(differences(store, filter));

export function* differences(store: Store, filter: string): Steps<Differences> {
  const { test, error } = compileFilter(filter, store);
  const nothing = { requests: 0, slow: 0, slowFrom: Number.NaN, median: Number.NaN, verdict: null, differences: [] };
  if (error) return { ...nothing, filterError: error.message };
  const among = yield* selectRows(store, { span: null }, test);
  const judged = yield* judgedSteps(store, among);
  const { rows, sample } = judged;
  const totals = totalsOf(sample);
  yield;
  const sorted = totals.slice().sort();
  yield;
  const slowFrom = quantileSorted(sorted, SLOWEST);
  const slow = from(totals, slowFrom);
  const count = sumOf(slow);
  const said = {
    requests: rows.length,
    slow: count,
    slowFrom,
    median: quantileSorted(sorted, 0.5),
    verdict: test ? yield* verdictSteps(store, among) : null,
    filterError: null,
  };
  yield;
  if (rows.length < FEWEST || count === rows.length) return { ...said, differences: [] };
  return { ...said, differences: yield* new Search(store, judged, slow, yield* amounts(store)).differences() };
}

class Search {
  private readonly named: readonly NamedTrait[];
  private readonly alternatives: number;

  constructor(
    private readonly store: Store,
    private readonly judged: Judged,
    private readonly slow: Uint8Array,
    private readonly amounts: readonly Amount[],
  ) {
    this.named = namedTraits(store);
    this.alternatives = this.named.length + this.amounts.length + 1;
  }

  *differences(): Steps<Difference[]> {
    const found: (Difference | null)[] = [];
    for (const trait of this.named) found.push(this.byName(trait, yield* this.values(trait.of)));
    for (const amount of this.amounts) found.push(yield* this.byAmount(amount, yield* this.values(amount.of)));
    yield;
    found.push(this.byTime());
    return found.filter((difference) => difference !== null).sort((a, b) => b.auc - a.auc);
  }

  /** A trait of every request. */
  private *values(of: (columns: RowColumns) => Float64Array): Steps<Float64Array> {
    const { rows } = this.judged;
    const values = new Float64Array(rows.length);
    yield* inSteps(rows.length, ROWS_A_STEP, (from, to) =>
      values.set(of(new RowColumns(this.store, rows.subarray(from, to))), from),
    );
    return values;
  }

  private byName({ trait, name, filter }: NamedTrait, values: Float64Array): Difference | null {
    const { codeOf, firsts } = codesOf(values);
    const parted = this.parted(codeOf, firsts.length);
    if (!parted) return null;
    const code = parted.mostSlow();
    const at = firsts[code]!;
    const [value, row] = [values[at]!, this.judged.rows[at]!];
    if (Number.isNaN(value)) return null;
    const filtered = filter(value, row);
    return {
      ...{ trait, value: name(value, row), filter: filtered, span: null },
      ...parted.where((other) => other === code),
    };
  }

  private *byAmount({ trait, name, filter }: Amount, values: Float64Array): Steps<Difference | null> {
    const sorted = sortNumbers(known(values.slice()));
    yield;
    // Limits between bins of about as many requests; a value that many have is a bin of its own.
    const limits = Float64Array.from(
      new Set(Array.from({ length: BINS - 1 }, (_, bin) => sorted[Math.floor(((bin + 1) * sorted.length) / BINS)]!)),
    );
    if (sorted.length < values.length / 2 || limits.length < 2) return null;
    const codes = binsOf(values, limits);
    const parted = this.parted(codes, limits.length + 1);
    if (!parted) return null;
    // The limit that parts them best: most slow ones on one side, most others on the other.
    let best = { gain: 0, at: -1, above: true };
    for (const at of limits.keys())
      for (const above of [true, false]) {
        const gain = parted.gain((code) => code > at === above);
        if (gain > best.gain) best = { gain, at, above };
      }
    const { at, above } = best;
    if (at < 0) return null;
    const limit = limits[at]!;
    return {
      ...{ trait, value: name(limit, above), filter: filter(limit, above), span: null },
      ...parted.where((code) => code > at === above),
    };
  }

  private byTime(): Difference | null {
    const { starts } = this.judged;
    const [first, last] = rangeOf(starts);
    const width = (last - first) / SLOTS;
    if (!(width > 0)) return null;
    const codes = slotsOf(starts, first, width);
    const parted = this.parted(codes, SLOTS);
    if (!parted) return null;
    const slot = parted.mostSlow();
    const { base } = this.store;
    const span = [first + slot * width - base, first + (slot + 1) * width - base] as const;
    return { trait: "time", value: "", filter: null, span, ...parted.where((code) => code === slot) };
  }

  /** Null where the requests by these codes, each below `size`, are not parted well enough to be worth a line. */
  private parted(codes: Uint32Array, size: number): Parted | null {
    const found = separation(codes, this.slow, this.alternatives);
    return found.auc >= WORTH && found.low > 0.5 ? new Parted(found, codes, this.slow, size) : null;
  }
}

/** Requests by a trait's values, which are numbered. */
class Parted {
  /** Of each value, and of all. */
  private readonly counts: Uint32Array;
  private readonly slow: Uint32Array;
  private readonly count: number;
  private readonly slowCount: number;

  constructor(
    private readonly separation: Separation,
    codes: Uint32Array,
    slow: Uint8Array,
    size: number,
  ) {
    this.counts = new Uint32Array(size);
    this.slow = new Uint32Array(size);
    count(codes, slow, this.counts, this.slow);
    this.count = codes.length;
    this.slowCount = sumOf(this.slow);
  }

  /** The value with most slow requests beyond its part of all. */
  mostSlow(): number {
    const rate = this.slowCount / this.count;
    const excess = Array.from(this.counts, (count, code) => this.slow[code]! - rate * count);
    return excess.indexOf(excess.reduce((a, b) => Math.max(a, b)));
  }

  /** Part of the slow ones that have some values, less that of the others. */
  gain(has: (code: number) => boolean): number {
    const { count, slow } = this.inside(has);
    return slow / this.slowCount - (count - slow) / (this.count - this.slowCount);
  }

  where(has: (code: number) => boolean): Separation & Pick<Difference, "inside" | "outside"> {
    const inside = this.inside(has);
    return {
      ...this.separation,
      inside,
      outside: { slow: this.slowCount - inside.slow, count: this.count - inside.count },
    };
  }

  private inside(has: (code: number) => boolean): Difference["inside"] {
    const inside = { slow: 0, count: 0 };
    for (const [code, count] of this.counts.entries()) {
      if (!has(code)) continue;
      inside.count += count;
      inside.slow += this.slow[code]!;
    }
    return inside;
  }
}

// Loops over the requests, each a function of its own: the code that is compiled in the middle of one is good for nothing
// that comes behind it.

function from(values: Float64Array, least: number): Uint8Array {
  const found = new Uint8Array(values.length);
  for (let i = 0; i < found.length; i++) if (values[i]! >= least) found[i] = 1;
  return found;
}

function sumOf(values: Uint8Array | Uint32Array): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i]!;
  return sum;
}

function rangeOf(values: Float64Array): [least: number, most: number] {
  let [least, most] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (let i = 0; i < values.length; i++) {
    least = Math.min(least, values[i]!);
    most = Math.max(most, values[i]!);
  }
  return [least, most];
}

function binsOf(values: Float64Array, limits: Float64Array): Uint32Array {
  const codes = new Uint32Array(values.length);
  for (let i = 0; i < codes.length; i++) codes[i] = below(limits, values[i]!);
  return codes;
}

function slotsOf(starts: Float64Array, first: number, width: number): Uint32Array {
  const codes = new Uint32Array(starts.length);
  for (let i = 0; i < codes.length; i++) codes[i] = Math.min(SLOTS - 1, Math.floor((starts[i]! - first) / width));
  return codes;
}

function count(codes: Uint32Array, slow: Uint8Array, all: Uint32Array, ofSlow: Uint32Array): void {
  for (let i = 0; i < codes.length; i++) {
    all[codes[i]!]!++;
    ofSlow[codes[i]!]! += slow[i]!;
  }
}
