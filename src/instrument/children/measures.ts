/** The user's own `performance.measure` calls. */
import { type PerformanceMeasure, performance } from "node:perf_hooks";
import { stamp } from "../../log/clock";
import { type Method, onLookup } from "../lookup";
import { addChild } from "./child";
import type { Context } from "./context";

type Measure = (...args: unknown[]) => PerformanceMeasure | undefined;

/** Makes measures children of the exchange that they are taken in; the result ends it. */
export function observeMeasures(context: Context): () => void {
  return onLookup(Object.getPrototypeOf(performance), "measure", (object, method) => {
    if (object !== performance) return undefined;
    const exchange = context.current();
    if (!exchange) return undefined;
    return function (this: object, ...args: unknown[]) {
      const entry = (method as unknown as Measure).apply(this, args);
      if (entry) {
        const { name, startTime, duration } = entry;
        addChild(exchange, { kind: "measure", name, start: stamp(startTime), duration: duration * 1_000 });
      }
      return entry;
    } as Method;
  });
}
