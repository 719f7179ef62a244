/** What a chart asks the engine for, and what it gets: a few hundred numbers in typed arrays, never rows. */
import type { Curve, Point } from "../model/queueing/curve";
import type { Measured } from "../model/queueing/predict";
import type { PeakRule } from "../model/statistics/peaks";
import type { Zone } from "../model/wall-clock";

/** Durations that a chart can be of. */
export const MEASURES = ["clientResponse", "serverResponse", "network", "queue", "wait", "process"] as const;
export type Measure = (typeof MEASURES)[number];

/** What a series is: all requests of a route, or of one URL (path and query). */
export const SERIES_KEYS = ["route", "url"] as const;
export type SeriesKey = (typeof SERIES_KEYS)[number];

export const TRAFFIC_KEYS = ["path", "folder", "hour", "day"] as const;
export type TrafficKey = (typeof TRAFFIC_KEYS)[number];

/** Over the time of the day, with all days on each other, or over the session's time. */
export const DAY_AXES = ["day", "session"] as const;
export type DayAxis = (typeof DAY_AXES)[number];

export type ChartQuery =
  | { chart: "choices"; by: SeriesKey }
  | { chart: "day"; by: SeriesKey; over: DayAxis; peaks: PeakRule }
  | { chart: "latency"; of: Measure }
  | { chart: "heat"; of: Measure; columns: number }
  | { chart: "size"; of: Measure }
  | { chart: "objects"; page: string | null }
  | { chart: "traffic"; by: TrafficKey }
  | { chart: "load"; columns: number }
  | { chart: "prediction" };
export type ChartKind = ChartQuery["chart"];

/** Which requests, and on whose wall clock hours and days are. */
export interface ChartScope {
  /** As in `View`. */
  filter: string;
  /** Only requests that overlap this span, µs relative to the session's base; null: all. */
  span: readonly [number, number] | null;
  zone: Zone;
}

/** Something to choose: `filter` are the terms that choose it. */
export interface Choice {
  key: string;
  filter: string;
  count: number;
}

export interface ChoicesData {
  chart: "choices";
  /** The most frequent first. */
  series: Choice[];
  /** Of how many. */
  of: number;
  /** Measures that some request has. */
  measures: Measure[];
  requests: number;
  /** Left out of what is measured: warm-up requests, and requests of others than the probe. */
  warmup: number;
  others: number;
}

/** µs. */
export interface Level {
  count: number;
  mean: number;
  median: number;
  min: number;
  max: number;
}

/** One duration of a series: of all its requests, and of those that are no peaks; null where none has it. */
export interface SeriesLevel {
  all: Level | null;
  kept: Level | null;
}

/** Per slot, µs, NaN where it has none; peaks are left out. */
export interface SlotLevels {
  mean: Float64Array;
  min: Float64Array;
  max: Float64Array;
}

export interface DaySeries extends Choice {
  clientResponse: SeriesLevel;
  serverResponse: SeriesLevel;
  client: SlotLevels;
  server: SlotLevels;
  /** Requests per slot, peaks included. */
  requests: Uint32Array;
  /** Single requests: all of a small series, of a large one its highest peaks. `at` is on the chart's axis. */
  points: {
    whole: boolean;
    at: Float64Array;
    client: Float64Array;
    server: Float64Array;
    peak: Uint8Array;
    index: Uint32Array;
  };
  /** Requests that are peaks by the rule. */
  peaks: number;
}

export interface DayData {
  chart: "day";
  over: DayAxis;
  /** A schedule's slots, or equal slots of this width, µs. */
  scheduled: boolean;
  width: number;
  /** Beginning of each slot: µs since midnight, or relative to base. */
  slots: Float64Array;
  /** The most frequent first. */
  series: DaySeries[];
  /** Of how many. */
  of: number;
}

/** Bins whose edges are 10^((first + i) / perDecade) µs. */
export interface LogBins {
  first: number;
  perDecade: number;
  length: number;
}

export interface LatencyData {
  chart: "latency";
  of: Measure;
  bins: LogBins;
  counts: Uint32Array;
  failed: Uint32Array;
  /** Requests with the measure; without it; and those of 0 or less, which a logarithmic axis has no place for. */
  count: number;
  unknown: number;
  below: number;
  min: number;
  max: number;
  mean: number;
  /** p50, p95, p99, each with its 95 % interval where n admits one; of all, `below` included. */
  quantiles: { p: number; value: number; interval: readonly [number, number] | null }[];
}

export interface HeatData {
  chart: "heat";
  of: Measure;
  /** Of the columns together, µs relative to base. */
  from: number;
  to: number;
  columns: number;
  bins: LogBins;
  /** `column * bins.length + bin`. */
  counts: Uint32Array;
  failed: Uint32Array;
  /** Failures per column, those without the measure included. */
  failures: Uint32Array;
  count: number;
  unknown: number;
  below: number;
}

export interface SizeData {
  chart: "size";
  of: Measure;
  count: number;
  /** Left out: without the measure, without a size or of 0 bytes, of a duration of 0 or less. */
  unknown: number;
  /** duration = intercept + slope × bytes, µs and µs per byte, by least squares; null where sizes do not differ. */
  fit: { slope: number; intercept: number } | null;
  /** NaN where one of the two does not vary. */
  pearson: number;
  spearman: number;
  /** 95 % interval of Spearman's (Fisher's z, Bonett & Wright's variance); null under 10. */
  interval: readonly [number, number] | null;
  minBytes: number;
  maxBytes: number;
  min: number;
  max: number;
  /** All of them where they are few, else null. */
  points: { bytes: Float64Array; micros: Float64Array; failed: Uint8Array; index: Uint32Array } | null;
  /** Else counts in a grid: `column * rows.length + row`. */
  grid: { columns: LogBins; rows: LogBins; counts: Uint32Array } | null;
}

export interface ObjectItem {
  path: string;
  count: number;
  /** Median bytes; means, µs, NaN where unknown. */
  bytes: number;
  clientResponse: number;
  serverResponse: number;
}

export interface ObjectsData {
  chart: "objects";
  /** Pages with objects of their own, the most frequent first. */
  pages: { key: string; objects: number; loads: number }[];
  /** Null: objects of all pages. */
  page: string | null;
  /** In order of size. */
  items: ObjectItem[];
  /** Of how many. */
  of: number;
  /** Objects of which no size is known. */
  unsized: number;
}

export interface TrafficData {
  chart: "traffic";
  by: TrafficKey;
  requests: number;
  /** Paths and folders: the most frequent first, a status of an error as its own. Hours: 24. Days: the first to the last. */
  items: { label: string; count: number; failed: number; bytes: number; code: boolean }[];
  /** Paths or folders that are not listed, and their requests. */
  others: { items: number; count: number };
}

/** Per column: mean and greatest number at once. */
export interface InFlight {
  mean: Float64Array;
  max: Uint32Array;
}

export interface LoadData {
  chart: "load";
  from: number;
  to: number;
  columns: number;
  /** Requests that the client waits for (requestStart to responseEnd); null where no client was measured. */
  client: InFlight | null;
  /** Requests that the server has (parseStart to sendEnd); null where no server was. */
  server: InFlight | null;
  /** T C,Queue of the requests that arrived in a column, µs, NaN where unknown; null where none is known. */
  queue: { mean: Float64Array; max: Float64Array } | null;
  /** Requests that began in a column. */
  started: Uint32Array;
}

/** What a pool of workers that take one request at a time would do with such requests. */
export interface PredictionData {
  chart: "prediction";
  /** Null where no request has the server's marks. */
  measured: Measured | null;
  /** Requests that a prediction needs. */
  needed: number;
  /** Workers that the requests name, 0 where they name none; and the most requests at the server at once. */
  workers: number;
  atOnce: number;
  /** Sizes of the pool, the smallest first; none where there are too few requests. */
  curves: Curve[];
  /** Of all requests, then of parts of the session one after the other. */
  points: (Point & { requests: number })[];
}

export type ChartData =
  | ChoicesData
  | DayData
  | LatencyData
  | HeatData
  | SizeData
  | ObjectsData
  | TrafficData
  | LoadData
  | PredictionData;
export type ChartOf<K extends ChartKind> = Extract<ChartData, { chart: K }>;

/** More columns than a screen has pixels say nothing. */
export const MOST_COLUMNS = 1_000;
