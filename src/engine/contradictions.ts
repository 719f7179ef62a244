/** Requests whose stamps contradict causality by more than what is not known of the clocks. */
import type { EngineMethods } from "../protocol/messages";
import { pathOf } from "./report-columns";
import { assemble } from "./request";
import { run, type Steps } from "./steps";
import type { Store } from "./store";

/** Rows between two pauses: a millisecond or two. */
const STRIDE = 1024;

export function contradictions(
  store: Store,
  limit: number,
  pause: () => Promise<void>,
): Promise<EngineMethods["contradictions"]["result"]> {
  return run(contradictionSteps(store, limit), pause);
}

function* contradictionSteps(store: Store, limit: number): Steps<EngineMethods["contradictions"]["result"]> {
  const { rows, clocks } = store;
  const requests: EngineMethods["contradictions"]["result"]["requests"] = [];
  let total = 0;
  for (let row = 0; row < rows.length; row++) {
    if (row > 0 && row % STRIDE === 0) yield;
    if (rows.pairing(row) === "none") continue;
    const found = clocks.contradiction(rows.client(row), rows.server(row));
    if (!found) continue;
    total++;
    if (requests.length >= limit) continue;
    const request = assemble(store, row);
    requests.push({ index: row, method: request.method, path: pathOf(request), ...found });
  }
  return { total, requests };
}
