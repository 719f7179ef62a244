/** What the instrumentation cost the servers of a session, by their own account. */
import type { ReportCost } from "../model/report";
import type { Store } from "./store";

/** Over all writers, each weighted by its requests; null where none has told. */
export function hookCost(store: Store): ReportCost | null {
  let requests = 0;
  let micros = 0;
  for (const { cost } of new Set(store.parts.map((part) => part.writer))) {
    if (!cost) continue;
    requests += cost.requests;
    micros += cost.perRequest * cost.requests;
  }
  return requests === 0 ? null : { perRequest: Math.round((micros / requests) * 10) / 10, requests };
}

/** Over fewer requests most of the cost is of code that Node has not compiled yet. */
const WARM = 1_000;

/** The cost as a sentence. */
export function hookCostSentence({ perRequest, requests }: ReportCost): string {
  const over = `${requests.toLocaleString("en-US")} ${requests === 1 ? "request" : "requests"}`;
  const cold = requests < WARM ? "; over so few mostly of code that is not compiled yet" : "";
  return `The hook cost ${perRequest.toFixed(1)} µs per request (${over}${cold}).`;
}
