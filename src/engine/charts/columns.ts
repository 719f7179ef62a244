/** Time cut into columns of one round width, so that their edges are times that people name. */

/** µs: 1, 2 and 5 times the powers of ten below a second, then those of clocks. */
const WIDTHS = [
  ...[1, 10, 100, 1e3, 1e4, 1e5].flatMap((power) => [power, 2 * power, 5 * power]),
  ...[1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1_800, 3_600, 7_200, 10_800, 21_600, 43_200].map((s) => s * 1e6),
  ...[1, 2, 7, 14, 28, 56, 112, 224, 448].map((days) => days * 86_400e6),
];

/** The narrowest round width with which a length has at most so many columns, µs. */
const roundWidth = (length: number, most: number): number =>
  WIDTHS.find((width) => length / width <= most) ?? length / most;

export class Columns {
  private constructor(
    /** Round multiples of the width, in the unit of the times. */
    readonly from: number,
    readonly width: number,
    readonly length: number,
  ) {}

  /** Over all known times, at most about `most` of them. */
  static over(times: Float64Array, most: number): Columns {
    let first = Number.POSITIVE_INFINITY;
    let last = Number.NEGATIVE_INFINITY;
    for (let at = 0; at < times.length; at++) {
      const time = times[at]!;
      if (time < first) first = time;
      if (time > last) last = time;
    }
    if (first > last) return new Columns(0, 1, 0);
    const width = roundWidth(Math.max(1, last - first), most);
    const from = Math.floor(first / width) * width;
    return new Columns(from, width, Math.floor((last - from) / width) + 1);
  }

  get to(): number {
    return this.from + this.length * this.width;
  }

  /** −1 for a time that is not known. */
  at(time: number): number {
    const column = Math.floor((time - this.from) / this.width);
    return column >= 0 && column < this.length ? column : -1;
  }
}
