/**
 * Two coordinate spaces meet here. *Time space*: µs relative to the session's base. *Page space*: CSS pixels from the
 * left edge of the timeline column. Edges are snapped to device pixels, so that neighbours share one and stay sharp.
 */
export type TimeSpan = readonly [from: number, to: number];

export interface TimeScale {
  readonly domain: TimeSpan;
  /** CSS pixels. */
  readonly width: number;
  /** µs per CSS pixel. */
  readonly resolution: number;
  /** One device pixel, in CSS pixels. */
  readonly grain: number;
  /** Unsnapped. */
  x(time: number): number;
  /** Snapped to a device pixel, and never far outside, where floats would lose the pixel. */
  edge(time: number): number;
  time(x: number): number;
}

const OUTSIDE = 64;

export function timeScale(domain: TimeSpan, width: number, devicePixelRatio = 1): TimeScale {
  const [from, to] = domain;
  const resolution = (to - from) / Math.max(1, width);
  const x = (time: number) => (time - from) / resolution;
  const edge = (time: number) => {
    const clamped = Math.min(width + OUTSIDE, Math.max(-OUTSIDE, x(time)));
    return Math.round(clamped * devicePixelRatio) / devicePixelRatio;
  };
  return {
    domain,
    width,
    resolution,
    grain: 1 / devicePixelRatio,
    x,
    edge,
    time: (at) => from + at * resolution,
  };
}

/** The narrowest span that can be looked at: 20 µs over the column. */
const NARROWEST = 20;

/** The span zoomed by `factor` (> 1: in) with `anchor` standing still, kept inside `bounds`. */
export function zoomed(span: TimeSpan, factor: number, anchor: number, bounds: TimeSpan): TimeSpan {
  const length = span[1] - span[0];
  const wanted = Math.min(bounds[1] - bounds[0], Math.max(NARROWEST, length / factor));
  const from = anchor - ((anchor - span[0]) / length) * wanted;
  return within([from, from + wanted], bounds);
}

/** The span moved by `micros`, kept inside `bounds`. */
export const panned = (span: TimeSpan, micros: number, bounds: TimeSpan): TimeSpan =>
  within([span[0] + micros, span[1] + micros], bounds);

/** Moved, and only if too long also cut, so that it lies inside. */
export function within([from, to]: TimeSpan, bounds: TimeSpan): TimeSpan {
  const length = Math.min(to - from, bounds[1] - bounds[0]);
  const start = Math.min(Math.max(from, bounds[0]), bounds[1] - length);
  return [start, start + length];
}

/** The session's span with air at both ends, so that no mark touches the border; never empty. */
export function padded([from, to]: TimeSpan): TimeSpan {
  const length = Math.max(1_000, to - from);
  return [from - length * 0.01, from + length * 1.03];
}
