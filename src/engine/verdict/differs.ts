/** What the slow requests have that the others have not, the trait that separates them best first. */
import { quantileSorted } from "../../model/statistics/quantile";
import { SLOWEST, totalsOf } from "../../model/verdict/judge";
import { type Separation, separation } from "../../model/verdict/separation";
import type { Difference, Differences } from "../../protocol/messages";
import { compileFilter } from "../filter";
import { finish, inSteps, ROWS_A_STEP, type Steps } from "../steps";
import type { Store } from "../store";
import { selectRows } from "../view";
import { judgedSteps, sampleSteps, startSteps } from "./judged";
import { type Amount, amounts, type NamedTrait, namedTraits } from "./traits";
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
  const all = store.spine.rows();
  const among = yield* selectRows(store, { span: null }, test);
  const rows = yield* judgedSteps(store, among);
  const totals = totalsOf(yield* sampleSteps(store, rows));
  yield;
  const sorted = totals.slice().sort();
  yield;
  const slowFrom = quantileSorted(sorted, SLOWEST);
  const slow = Uint8Array.from(totals, (total) => (total >= slowFrom ? 1 : 0));
  const count = slow.reduce((sum, one) => sum + one, 0);
  const known = {
    requests: rows.length,
    slow: count,
    slowFrom,
    median: quantileSorted(sorted, 0.5),
    verdict: test ? yield* verdictSteps(store, among) : null,
    filterError: null,
  };
  yield;
  if (rows.length < FEWEST || count === rows.length) return { ...known, differences: [] };
  return { ...known, differences: yield* new Search(store, rows, slow).differences(yield* amounts(store, all)) };
}

class Search {
  private readonly named: NamedTrait[];
  private alternatives = 1;

  constructor(
    private readonly store: Store,
    private readonly rows: Uint32Array,
    private readonly slow: Uint8Array,
  ) {
    this.named = namedTraits(store);
  }

  *differences(measured: readonly Amount[]): Steps<Difference[]> {
    this.alternatives = this.named.length + measured.length + 1;
    const found: (Difference | null)[] = [];
    for (const trait of this.named) found.push(yield* this.byName(trait));
    for (const amount of measured) found.push(yield* this.byAmount(amount));
    found.push(yield* this.byTime());
    return found.filter((difference) => difference !== null).sort((a, b) => b.auc - a.auc);
  }

  /** A trait of every request. */
  private *values(of: (row: number) => number): Steps<Float64Array> {
    const { rows } = this;
    const values = new Float64Array(rows.length);
    yield* inSteps(rows.length, ROWS_A_STEP, (from, to) => {
      for (let at = from; at < to; at++) values[at] = of(rows[at]!);
    });
    return values;
  }

  private *byName({ trait, of, name, filter }: NamedTrait): Steps<Difference | null> {
    const values = yield* this.values(of);
    const numbers = new Map<number, number>();
    const codes = Uint32Array.from(values, (value) => {
      const known = numbers.get(value);
      if (known !== undefined) return known;
      numbers.set(value, numbers.size);
      return numbers.size - 1;
    });
    yield;
    const found = this.worth(codes);
    yield;
    if (!found) return null;
    const code = this.mostSlow(codes, numbers.size);
    const at = codes.indexOf(code);
    const [value, row] = [values[at]!, this.rows[at]!];
    if (Number.isNaN(value)) return null;
    return this.difference(trait, found, name(value, row), (i) => codes[i] === code, filter(value, row), null);
  }

  private *byAmount({ trait, of, name, filter }: Amount): Steps<Difference | null> {
    const values = yield* this.values(of);
    const known = values.filter((value) => !Number.isNaN(value)).sort();
    yield;
    // Limits between bins of about as many requests; a value that many have is a bin of its own.
    const limits = [
      ...new Set(Array.from({ length: BINS - 1 }, (_, bin) => known[Math.floor(((bin + 1) * known.length) / BINS)]!)),
    ];
    if (known.length < this.rows.length / 2 || limits.length < 2) return null;
    const codes = Uint32Array.from(values, (value) => {
      let bin = 0;
      for (const limit of limits) if (value > limit) bin++;
      return bin;
    });
    yield;
    const found = this.worth(codes);
    yield;
    if (!found) return null;
    // The limit that parts them best: most slow ones on one side, most others on the other.
    let best = { gain: 0, limit: Number.NaN, above: true };
    for (const limit of limits) {
      for (const above of [true, false]) {
        const gain = this.gain((i) => values[i]! > limit === above);
        if (gain > best.gain) best = { gain, limit, above };
      }
      yield;
    }
    const { limit, above } = best;
    if (Number.isNaN(limit)) return null;
    return this.difference(
      trait,
      found,
      name(limit, above),
      (i) => values[i]! > limit === above,
      filter(limit, above),
      null,
    );
  }

  private *byTime(): Steps<Difference | null> {
    const { store, rows } = this;
    const starts = yield* startSteps(store, rows);
    const [first, last] = [starts.reduce((a, b) => Math.min(a, b)), starts.reduce((a, b) => Math.max(a, b))];
    const width = (last - first) / SLOTS;
    if (!(width > 0)) return null;
    const codes = Uint32Array.from(starts, (start) => Math.min(SLOTS - 1, Math.floor((start - first) / width)));
    yield;
    const found = this.worth(codes);
    yield;
    if (!found) return null;
    const slot = this.mostSlow(codes, SLOTS);
    const span = [first + slot * width - store.base, first + (slot + 1) * width - store.base] as const;
    return this.difference("time", found, "", (i) => codes[i] === slot, null, span);
  }

  private worth(codes: Uint32Array): Separation | null {
    const found = separation(codes, this.slow, this.alternatives);
    return found.auc >= WORTH && found.low > 0.5 ? found : null;
  }

  /** The value with most slow requests beyond its part of all. */
  private mostSlow(codes: Uint32Array, size: number): number {
    const [all, slow] = [new Uint32Array(size), new Uint32Array(size)];
    codes.forEach((code, i) => {
      all[code]!++;
      slow[code]! += this.slow[i]!;
    });
    const rate = this.slow.reduce((sum, one) => sum + one, 0) / codes.length;
    const excess = Array.from(all, (count, code) => slow[code]! - rate * count);
    return excess.indexOf(Math.max(...excess));
  }

  /** Part of the slow ones that it holds for, less that of the others. */
  private gain(holds: (i: number) => boolean): number {
    const { inside, outside } = this.count(holds);
    const slow = inside.slow + outside.slow;
    const rest = inside.count + outside.count - slow;
    return inside.slow / slow - (inside.count - inside.slow) / rest;
  }

  private count(holds: (i: number) => boolean): Pick<Difference, "inside" | "outside"> {
    const [inside, outside] = [
      { slow: 0, count: 0 },
      { slow: 0, count: 0 },
    ];
    for (let i = 0; i < this.slow.length; i++) {
      const side = holds(i) ? inside : outside;
      side.count++;
      side.slow += this.slow[i]!;
    }
    return { inside, outside };
  }

  private difference(
    trait: Difference["trait"],
    { auc, low }: Separation,
    value: string,
    holds: (i: number) => boolean,
    filter: string | null,
    span: Difference["span"],
  ): Difference {
    return { trait, auc, low, value, ...this.count(holds), filter, span };
  }
}
