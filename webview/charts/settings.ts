/** What the charts are of, as chosen by the user. It survives a reload, and is validated like everything that does. */
import { PEAK_RULES, type PeakRule } from "../../src/model/statistics/peaks";
import { DAY_AXES, type DayAxis, MEASURES, type Measure, SERIES_KEYS, type SeriesKey } from "../../src/protocol/charts";

export interface ChartSettings {
  by: SeriesKey;
  /** One series alone, with the filter's terms that choose it; null: all. */
  series: { key: string; filter: string } | null;
  /** Null: R C where it is known, else R S. */
  of: Measure | null;
  peaks: PeakRule;
  over: DayAxis;
  archive: "path" | "folder";
  page: string | null;
  /** Only what the timeline shows, or the whole session. */
  inView: boolean;
}

export const PEAKS = Object.keys(PEAK_RULES) as PeakRule[];

export const FIRST_SETTINGS: ChartSettings = {
  by: "route",
  series: null,
  of: null,
  peaks: "mad",
  over: "day",
  archive: "path",
  page: null,
  inView: false,
};

export function readSettings(state: unknown): ChartSettings {
  const saved = typeof state === "object" && state !== null ? (state as Record<string, unknown>) : {};
  const series = saved.series as Record<string, unknown> | null | undefined;
  return {
    by: SERIES_KEYS.find((key) => key === saved.by) ?? FIRST_SETTINGS.by,
    series:
      typeof series?.key === "string" && typeof series.filter === "string"
        ? { key: series.key, filter: series.filter }
        : null,
    of: MEASURES.find((key) => key === saved.of) ?? null,
    peaks: PEAKS.find((key) => key === saved.peaks) ?? FIRST_SETTINGS.peaks,
    over: DAY_AXES.find((key) => key === saved.over) ?? FIRST_SETTINGS.over,
    archive: saved.archive === "folder" ? "folder" : "path",
    page: typeof saved.page === "string" ? saved.page : null,
    inView: saved.inView === true,
  };
}
