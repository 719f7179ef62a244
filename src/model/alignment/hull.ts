/** Upper convex hull of points (time, value): all that a straight line above the points has to respect. */
import { firstAfter, replace } from "./envelope";

export class Hull {
  readonly times: number[] = [];
  readonly values: number[] = [];

  /** Amortised O(1) in time order, else O(log n) and a shift of what is later. */
  insert(time: number, value: number): void {
    const { times, values } = this;
    let to = firstAfter(times, time);
    let from = to;
    if (from > 0 && times[from - 1] === time) {
      if (values[from - 1]! >= value) return;
      from--;
    }
    if (from > 0 && to < times.length && this.rise(from - 1, to, time) >= value) return;
    while (from > 1 && this.bends(from - 2, from - 1, time, value)) from--;
    while (to < times.length - 1 && this.bends(to + 1, to, time, value)) to++;
    replace(times, from, to, time);
    replace(values, from, to, value);
  }

  /** The vertex with the greatest value − slope · time: where a line of this slope touches; −1 for no points. */
  support(slope: number): number {
    const { times, values } = this;
    let low = 0;
    let high = times.length - 1;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (values[middle + 1]! - values[middle]! > slope * (times[middle + 1]! - times[middle]!)) low = middle + 1;
      else high = middle;
    }
    return high;
  }

  /** Height at `time` of the line through two vertices. */
  private rise(a: number, b: number, time: number): number {
    const { times, values } = this;
    return values[a]! + ((values[b]! - values[a]!) * (time - times[a]!)) / (times[b]! - times[a]!);
  }

  /** Whether the vertex `inner` lies on or under the line from `outer` to the new point. */
  private bends(outer: number, inner: number, time: number, value: number): boolean {
    const { times, values } = this;
    const share = (times[inner]! - times[outer]!) / (time - times[outer]!);
    return values[inner]! <= values[outer]! + share * (value - values[outer]!);
  }
}
