/** Upper convex hull of points (time, value): all that a straight line above the points has to respect. */
import { Points } from "./points";

export class Hull {
  private readonly points = new Points();

  get isEmpty(): boolean {
    return this.points.count === 0;
  }

  /** Amortised O(1) in time order, else O(log n) and a shift of what is later. */
  insert(time: number, value: number): void {
    const { points } = this;
    const { times, values, count } = points;
    let to = points.firstAfter(time);
    let from = to;
    if (from > 0 && times[from - 1] === time) {
      if (values[from - 1]! >= value) return;
      from--;
    }
    if (from > 0 && to < count) {
      const [left, right] = [from - 1, to];
      if (height(times[left]!, values[left]!, times[right]!, values[right]!, time) >= value) return;
    }
    while (from > 1 && values[from - 1]! <= height(times[from - 2]!, values[from - 2]!, time, value, times[from - 1]!))
      from--;
    while (to < count - 1 && values[to]! <= height(times[to + 1]!, values[to + 1]!, time, value, times[to]!)) to++;
    points.replace(from, to, time, value);
  }

  /** The vertex that a line of this slope touches: the one with the greatest value − slope · time. */
  support(slope: number): { time: number; value: number } {
    const { times, values, count } = this.points;
    let low = 0;
    let high = count - 1;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (values[middle + 1]! - values[middle]! > slope * (times[middle + 1]! - times[middle]!)) low = middle + 1;
      else high = middle;
    }
    return { time: times[high]!, value: values[high]! };
  }
}

/** At `time`, the line through two points. */
function height(timeA: number, valueA: number, timeB: number, valueB: number, time: number): number {
  return valueA + ((valueB - valueA) * (time - timeA)) / (timeB - timeA);
}
