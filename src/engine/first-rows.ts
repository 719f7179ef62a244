/** The first rows of an order, before all of them are in order: their keys are looked at as they are worked out. */

/** Two pages of a window: what a screen shows, with some to scroll. */
export const FIRST_ROWS = 128;
/** So many keys, evenly taken, say about where the first ones end; and so many times, and so many, more than needed are taken. */
const SAMPLED = 4096;
const TIMES = 2;
const SPARE = 4;

/** Rows whose keys say about where the first ones end. */
export function sampleOf(rows: Uint32Array): Uint32Array {
  const step = Math.max(1, rows.length / SAMPLED);
  return Uint32Array.from({ length: Math.ceil(rows.length / step) }, (_, at) => rows[Math.floor(at * step)]!);
}

export class FirstRows {
  private readonly direction: number;
  /** A key that a few more than the first rows do not exceed, as far as the sample tells. */
  private readonly limit: number;
  private readonly places: number[] = [];
  private readonly keys: number[] = [];
  private readonly equal: number[] = [];
  private readonly unknown: number[] = [];
  private isAll = true;

  /** `sample`: keys of some of the rows. */
  constructor(sample: Float64Array, rows: number, descending: boolean) {
    this.direction = descending ? -1 : 1;
    const known = sample.filter((key) => !Number.isNaN(key)).sort();
    const place = TIMES * Math.ceil((FIRST_ROWS * sample.length) / rows) + SPARE;
    this.limit =
      this.direction * (known.at(descending ? -1 - place : place) ?? this.direction * Number.POSITIVE_INFINITY);
  }

  /** The keys of the next rows, the first of which stands at a place. */
  add(keys: Float64Array, from: number): void {
    const { direction, limit, places, equal, unknown } = this;
    for (let at = 0; at < keys.length; at++) {
      const key = direction * keys[at]!;
      if (key > limit) this.isAll = false;
      else if (key < limit) {
        places.push(from + at);
        this.keys.push(key);
      } else {
        const others = key === limit ? equal : unknown;
        if (others.length < FIRST_ROWS) others.push(from + at);
      }
    }
  }

  /**
   * Places in the order in which `sortSteps` has them: about `FIRST_ROWS`, fewer where the sample misled, never others.
   */
  first(): number[] {
    const { keys, places } = this;
    const order = Uint32Array.from(keys, (_, at) => at).sort((a, b) => keys[a]! - keys[b]! || a - b);
    const first = Array.from(order.subarray(0, FIRST_ROWS), (at) => places[at]!).concat(this.equal);
    // What is unknown stands behind all that is known.
    if (this.isAll) first.push(...this.unknown);
    return first.slice(0, FIRST_ROWS);
  }
}
