/** What there is to choose among the chosen rows: routes or URLs, and measures that somebody has. */
import { type ChoicesData, MEASURES, type SeriesKey } from "../../protocol/charts";
import type { Chosen } from "./chosen";
import { choiceOf, seriesOf } from "./series";

const OFFERED = 100;

export function choicesOf(chosen: Chosen, by: SeriesKey): ChoicesData {
  const { facts, measured, rows, warmup, others } = chosen;
  const series = seriesOf(chosen, by);
  return {
    chart: "choices",
    series: series.slice(0, OFFERED).map(([, own]) => choiceOf(chosen, by, own)),
    of: series.length,
    measures: MEASURES.filter((measure) => measured.some((row) => !Number.isNaN(facts.duration(row, measure)))),
    requests: rows.length,
    warmup,
    others,
  };
}
