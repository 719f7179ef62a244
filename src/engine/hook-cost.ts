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

/** The cost as a sentence. */
export const hookCostSentence = ({ perRequest, requests }: ReportCost): string =>
  `the hook cost ${perRequest.toFixed(1)} µs of CPU per request (${requests.toLocaleString("en-US")} ${requests === 1 ? "request" : "requests"})`;
