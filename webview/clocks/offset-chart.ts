/** Where an offset's line, its band and its steps lie in a chart. Pure; µs in, pixels out. */
import type { ClockEpoch } from "../../src/model/clock";

export interface ChartEpoch {
  /** Corners of the band, x and y in turn, clockwise. */
  band: number[];
  /** Ends of the line: x0, y0, x1, y1. */
  line: [number, number, number, number];
}

export interface OffsetChart {
  epochs: ChartEpoch[];
  /** Where one epoch's line is followed by another's: x, and the two heights. */
  steps: { x: number; y0: number; y1: number }[];
  /** First and last moment, µs since the epoch on the client's clock. */
  span: readonly [number, number];
  /** Least and greatest offset within the bands, µs. */
  range: readonly [number, number];
}

/** A band thinner than this cannot be seen, CSS pixels. */
const LEAST_BAND = 1.5;
/** Air above and below, as a share of the height. */
const AIR = 0.08;

/** The offset of an epoch at a moment on the client's clock, µs. */
export const offsetAt = ({ at, offset, drift }: ClockEpoch, time: number): number =>
  offset + (drift * (time - at)) / 1e6;

/** Half the width of the band there: what is not known of the drift widens it with the distance. */
export function halfAt({ at, uncertainty, drift, driftRange }: ClockEpoch, time: number): number {
  const unsure = driftRange ? Math.max(driftRange[1] - drift, drift - driftRange[0]) : 0;
  return uncertainty + ((Number.isFinite(unsure) ? unsure : 0) * Math.abs(time - at)) / 1e6;
}

/** Null where no epoch has an offset. */
export function layoutOffsets(all: readonly ClockEpoch[], width: number, height: number): OffsetChart | null {
  const epochs = all.filter(({ offset, uncertainty }) => Number.isFinite(offset) && Number.isFinite(uncertainty));
  if (epochs.length === 0) return null;
  const span = [Math.min(...epochs.map(({ from }) => from)), Math.max(...epochs.map(({ to }) => to))] as const;
  const edges = epochs.flatMap((epoch) =>
    [epoch.from, epoch.to].flatMap((time) => {
      const half = halfAt(epoch, time);
      return [offsetAt(epoch, time) - half, offsetAt(epoch, time) + half];
    }),
  );
  const range = [Math.min(...edges), Math.max(...edges)] as const;
  const x = (time: number) => ((time - span[0]) / (span[1] - span[0] || 1)) * width;
  const scale = (height * (1 - 2 * AIR)) / (range[1] - range[0] || 1);
  const middle = (range[0] + range[1]) / 2;
  const y = (offset: number) => height / 2 - (offset - middle) * scale;
  // A moment is no line: alone it takes the whole width.
  const right = (to: number) => (span[0] === span[1] ? width : x(to));
  const drawn = epochs.map((epoch): ChartEpoch => {
    const [x0, x1] = [x(epoch.from), right(epoch.to)];
    const [y0, y1] = [y(offsetAt(epoch, epoch.from)), y(offsetAt(epoch, epoch.to))];
    const [half0, half1] = [epoch.from, epoch.to].map((time) => Math.max(LEAST_BAND, halfAt(epoch, time) * scale));
    return {
      line: [x0, y0, x1, y1],
      band: [x0, y0 - half0!, x1, y1 - half1!, x1, y1 + half1!, x0, y0 + half0!],
    };
  });
  const steps = drawn.slice(1).map(({ line: [x0, y1] }, at) => ({ x: x0, y0: drawn[at]!.line[3], y1 }));
  return { epochs: drawn, steps, span, range };
}
