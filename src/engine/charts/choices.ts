/** What there is to choose among the chosen rows: routes or URLs, and measures that somebody has. */
import { type ChoicesData, MEASURES, type Measure, type SeriesKey } from "../../protocol/charts";
import { RowDurations } from "../row-durations";
import type { Chosen } from "./chosen";
import { choiceOf, seriesOf } from "./series";

const OFFERED = 100;
const LOOKED_AT = 1_000;

export function choicesOf(chosen: Chosen, by: SeriesKey): ChoicesData {
  const { rows, warmup, others } = chosen;
  const series = seriesOf(chosen, by);
  return {
    chart: "choices",
    series: series.slice(0, OFFERED).map(([, own]) => choiceOf(chosen, by, own)),
    of: series.length,
    measures: MEASURES.filter((measure) => isKnown(chosen, measure)),
    requests: rows.length,
    warmup,
    others,
  };
}

/** Nearly always one of the first rows has it; where none has, the columns are searched. */
function isKnown({ store, facts, measured }: Chosen, measure: Measure): boolean {
  const isNumber = (value: number): boolean => !Number.isNaN(value);
  if (measured.subarray(0, LOOKED_AT).some((row) => isNumber(facts.duration(row, measure)))) return true;
  return measured.length > LOOKED_AT && new RowDurations(store, measured).all(measure).some(isNumber);
}
