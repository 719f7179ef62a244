/** What pools of other sizes would do with the chosen requests: R C over load, and on it what was measured. */
import { curve } from "../../model/queueing/curve";
import type { Measured } from "../../model/queueing/predict";
import type { PredictionData } from "../../protocol/charts";
import { measuredIn, partOf, type Served, servedOf } from "../measured";
import { slicesOf } from "../row-slices";
import type { Chosen } from "./chosen";
import { atOnceOf } from "./load";

/** Fewer say too little of a mean and of how much it varies; so many also make a point of a part of the session. */
const FEWEST = 30;
const MOST_PARTS = 12;

export function predictionOf(chosen: Chosen): PredictionData {
  const served = servedOf(chosen.store, chosen.rows);
  const measured = measuredIn(served);
  const workers = workersOf(chosen);
  const common = { chart: "prediction", measured, needed: FEWEST, workers } as const;
  if (!measured || measured.requests < FEWEST || measured.demand.service <= 0)
    return { ...common, atOnce: 0, curves: [], points: [] };
  return {
    ...common,
    atOnce: atOnceOf(chosen),
    curves: sizes(workers).map((size) => curve(measured, size)),
    points: pointsOf(served, measured),
  };
}

function workersOf({ store, measured }: Chosen): number {
  const seen = new Set<number>();
  for (const columns of slicesOf(store, measured)) for (const worker of columns.server("worker")) seen.add(worker);
  seen.delete(Number.NaN);
  return seen.size;
}

/** One, two and four, and the session's own; around that where it is larger. */
const sizes = (own: number): number[] =>
  own > 4 ? [Math.ceil(own / 2), own, own * 2] : [...new Set([1, 2, own || 4, 4])].sort((a, b) => a - b);

function pointsOf(served: Served, whole: Measured): PredictionData["points"] {
  const count = Math.min(MOST_PARTS, Math.floor(whole.requests / FEWEST));
  const edge = (part: number): number => Math.round((part * whole.requests) / count);
  const parts = Array.from({ length: count }, (_, at) => measuredIn(partOf(served, edge(at), edge(at + 1))));
  return [whole, ...(count > 1 ? parts : [])].flatMap((part) =>
    part && part.rate > 0
      ? {
          requests: part.requests,
          rate: part.rate,
          clientResponse: part.demand.service + part.network + (part.queue ?? 0),
        }
      : [],
  );
}
