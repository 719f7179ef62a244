/** Points in order of time, in columns that grow: what hull and envelope keep. */
export class Points {
  times = new Float64Array(16);
  values = new Float64Array(16);
  count = 0;

  /** Index of the first point later than `time`; appending needs one comparison. */
  firstAfter(time: number): number {
    const { times } = this;
    let high = this.count;
    if (high === 0 || times[high - 1]! <= time) return high;
    let low = 0;
    high--;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (times[middle]! <= time) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** Puts one point in the place of the points from ≤ i < to. Later ones move, where any do. */
  replace(from: number, to: number, time: number, value: number): void {
    const grown = this.count - (to - from) + 1;
    if (grown > this.times.length) {
      this.times = doubled(this.times);
      this.values = doubled(this.values);
    }
    if (to < this.count) {
      this.times.copyWithin(from + 1, to, this.count);
      this.values.copyWithin(from + 1, to, this.count);
    }
    this.times[from] = time;
    this.values[from] = value;
    this.count = grown;
  }
}

function doubled(column: Float64Array): Float64Array<ArrayBuffer> {
  const larger = new Float64Array(2 * column.length);
  larger.set(column);
  return larger;
}
