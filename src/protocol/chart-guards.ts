/** A chart's question as it comes from another process: looked at before it is believed, at both borders. */
import { PEAK_RULES } from "../model/statistics/peaks";
import {
  type ChartKind,
  type ChartQuery,
  type ChartScope,
  DAY_AXES,
  MEASURES,
  MOST_COLUMNS,
  SERIES_KEYS,
  TRAFFIC_KEYS,
} from "./charts";

type Check = (value: unknown) => boolean;

const MOST_CHARS = 10_000;
/** Changes of a wall clock: two a year. */
const MOST_ZONES = 400;

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === "object" && value !== null;
const text: Check = (value) => typeof value === "string" && value.length <= MOST_CHARS;
const among =
  (allowed: readonly string[]): Check =>
  (value) =>
    typeof value === "string" && allowed.includes(value);
const pair: Check = (value) => Array.isArray(value) && value.length === 2 && value.every(Number.isFinite);
const columns: Check = (value) =>
  Number.isSafeInteger(value) && (value as number) >= 1 && (value as number) <= MOST_COLUMNS;

const FIELDS: Record<ChartKind, Record<string, Check>> = {
  choices: { by: among(SERIES_KEYS) },
  day: { by: among(SERIES_KEYS), over: among(DAY_AXES), peaks: among(Object.keys(PEAK_RULES)) },
  latency: { of: among(MEASURES) },
  heat: { of: among(MEASURES), columns },
  size: { of: among(MEASURES) },
  objects: { page: (value) => value === null || text(value) },
  traffic: { by: among(TRAFFIC_KEYS) },
  load: { columns },
  prediction: {},
};

/** These fields and no others. */
function holds(value: Record<string, unknown>, fields: Record<string, Check>): boolean {
  const keys = Object.keys(value);
  return keys.length === Object.keys(fields).length && keys.every((key) => fields[key]?.(value[key]));
}

export function isChartQuery(value: unknown): value is ChartQuery {
  if (!isObject(value)) return false;
  const { chart, ...rest } = value;
  return typeof chart === "string" && Object.hasOwn(FIELDS, chart) && holds(rest, FIELDS[chart as ChartKind]);
}

export function isChartScope(value: unknown): value is ChartScope {
  return (
    isObject(value) &&
    holds(value, {
      filter: text,
      span: (span) => span === null || pair(span),
      zone: (zone) => Array.isArray(zone) && zone.length <= MOST_ZONES && zone.every(pair),
    })
  );
}
