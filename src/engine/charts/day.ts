/** R C and R S over the time of the day, series by series: slots, peaks by a named rule, means with and without them. */
import { peakLimit } from "../../model/statistics/peaks";
import { median } from "../../model/statistics/select";
import type { ChartQuery, DayData, DaySeries, Level, SeriesLevel, SlotLevels } from "../../protocol/charts";
import { RowDurations } from "../row-durations";
import { columnOf } from "../row-slices";
import type { Chosen } from "./chosen";
import { choiceOf, seriesOf } from "./series";
import { type Slots, slotsOf } from "./slots";

type Query = Extract<ChartQuery, { chart: "day" }>;

/** As many panels as are taken in at a glance. */
const MOST_SERIES = 6;
/** Single requests a series: more are a cloud that the slots' ranges tell better. */
const MOST_POINTS = 400;
const MOST_PEAKS = 60;

export function dayOf(chosen: Chosen, { by, over, peaks: rule }: Query): DayData {
  const { store, axis } = chosen;
  const all = seriesOf(chosen, by);
  const shown = all.slice(0, MOST_SERIES);
  const rows = shown.flatMap(([, own]) => own);
  const slots = slotsOf(
    chosen,
    columnOf(store, Uint32Array.from(rows), (columns) => columns.starts(axis)),
    over,
  );
  const series: DaySeries[] = [];
  let from = 0;
  for (const [, own] of shown) {
    series.push(oneSeries(chosen, own, part(slots, from, from + own.length), { by, rule }));
    from += own.length;
  }
  const { scheduled, width, starts } = slots;
  return { chart: "day", over, scheduled, width, slots: starts, series, of: all.length };
}

const part = (slots: Slots, from: number, to: number): Slots => ({
  ...slots,
  at: slots.at.subarray(from, to),
  slot: slots.slot.subarray(from, to),
});

function oneSeries(
  chosen: Chosen,
  rows: readonly number[],
  slots: Slots,
  { by, rule }: { by: Query["by"]; rule: Query["peaks"] },
): DaySeries {
  const durations = new RowDurations(chosen.store, rows);
  const client = durations.all("clientResponse");
  const server = durations.all("serverResponse");
  // As reports judge peaks: by R C, by R S where no client was measured.
  const whole = client.map((value, at) => (Number.isNaN(value) ? server[at]! : value));
  const limit = peakLimit(whole, rule);
  const peak = Uint8Array.from(whole, (value) => (value > limit ? 1 : 0));
  const requests = new Uint32Array(slots.starts.length);
  for (const slot of slots.slot) if (slot >= 0) requests[slot]!++;
  return {
    ...choiceOf(chosen, by, rows),
    clientResponse: levels(client, peak),
    serverResponse: levels(server, peak),
    client: slotLevels(client, peak, slots),
    server: slotLevels(server, peak, slots),
    requests,
    points: points(rows, slots, { client, server, whole, peak }),
    peaks: peak.reduce((sum, one) => sum + one, 0),
  };
}

function levels(values: Float64Array, peak: Uint8Array): SeriesLevel {
  return { all: level(values), kept: level(values.filter((_, at) => peak[at] === 0)) };
}

function level(values: Float64Array): Level | null {
  const known = values.filter((value) => !Number.isNaN(value));
  if (known.length === 0) return null;
  let sum = 0;
  let min = Number.POSITIVE_INFINITY;
  let max = Number.NEGATIVE_INFINITY;
  for (const value of known) {
    sum += value;
    if (value < min) min = value;
    if (value > max) max = value;
  }
  return { count: known.length, mean: sum / known.length, median: median(known), min, max };
}

function slotLevels(values: Float64Array, peak: Uint8Array, { slot, starts }: Slots): SlotLevels {
  const empty = () => new Float64Array(starts.length).fill(Number.NaN);
  const counts = new Uint32Array(starts.length);
  const [mean, min, max] = [empty(), empty(), empty()];
  for (let at = 0; at < values.length; at++) {
    const value = values[at]!;
    const own = slot[at]!;
    if (own < 0 || peak[at] === 1 || Number.isNaN(value)) continue;
    mean[own] = counts[own] ? mean[own]! + value : value;
    counts[own]!++;
    if (!(min[own]! <= value)) min[own] = value;
    if (!(max[own]! >= value)) max[own] = value;
  }
  return { mean: mean.map((sum, own) => sum / counts[own]!), min, max };
}

function points(
  rows: readonly number[],
  { at }: Slots,
  of: { client: Float64Array; server: Float64Array; whole: Float64Array; peak: Uint8Array },
): DaySeries["points"] {
  const whole = rows.length <= MOST_POINTS;
  const chosen: number[] = [];
  for (let position = 0; position < rows.length; position++) if (whole || of.peak[position]) chosen.push(position);
  if (!whole && chosen.length > MOST_PEAKS) {
    chosen.sort((a, b) => of.whole[b]! - of.whole[a]!).length = MOST_PEAKS;
    chosen.sort((a, b) => a - b);
  }
  const pick = (values: Float64Array): Float64Array => Float64Array.from(chosen, (position) => values[position]!);
  return {
    whole,
    at: pick(at),
    client: pick(of.client),
    server: pick(of.server),
    peak: Uint8Array.from(chosen, (position) => of.peak[position]!),
    index: Uint32Array.from(chosen, (position) => rows[position]!),
  };
}
