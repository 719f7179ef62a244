/** One chart's data, by its kind. */
import type { ChartData, ChartQuery, ChartScope } from "../../protocol/charts";
import type { Steps } from "../steps";
import type { Store } from "../store";
import { choicesOf } from "./choices";
import { type Chosen, choose } from "./chosen";
import { dayOf } from "./day";
import { heatOf } from "./heat";
import { latencyOf } from "./latency";
import { loadOf } from "./load";
import { objectsOf } from "./objects";
import { predictionOf } from "./prediction";
import { sizeOf } from "./size";
import { trafficOf } from "./traffic";

export function* chartOf(store: Store, scope: ChartScope, query: ChartQuery): Steps<ChartData> {
  return dataOf(yield* choose(store, scope), query);
}

function dataOf(chosen: Chosen, query: ChartQuery): ChartData {
  switch (query.chart) {
    case "choices":
      return choicesOf(chosen, query.by);
    case "day":
      return dayOf(chosen, query);
    case "latency":
      return latencyOf(chosen, query.of);
    case "heat":
      return heatOf(chosen, query.of, query.columns);
    case "size":
      return sizeOf(chosen, query.of);
    case "objects":
      return objectsOf(chosen, query.page);
    case "traffic":
      return trafficOf(chosen, query.by);
    case "load":
      return loadOf(chosen, query.columns);
    case "prediction":
      return predictionOf(chosen);
    default:
      return query satisfies never;
  }
}
