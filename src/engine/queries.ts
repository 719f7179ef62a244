/** What a session answers from its store alone, wherever it runs: in the engine's worker, or in a report's page. */
import type { EngineMethod, EngineParams, EngineResult } from "../protocol/messages";
import { overrunsOf } from "./compare-stores";
import { contradictions } from "./contradictions";
import { completeFilter } from "./filter";
import { overview } from "./overview";
import type { Session } from "./session";
import { run } from "./steps";
import { differences } from "./verdict/differs";

/** The others open, close and write files, or look through all sessions. */
export type QueryMethod = Exclude<EngineMethod, "open" | "close" | "line" | "compare" | "pair" | "export">;

/** `pause` lets what came in meanwhile be answered while a long answer is worked out. */
type Query<M extends EngineMethod> = (
  session: Session,
  params: EngineParams<M>,
  pause: () => Promise<void>,
) => EngineResult<M> | Promise<EngineResult<M>>;

const QUERIES: { readonly [M in QueryMethod]: Query<M> } = {
  info: async (session, _, pause) => {
    await session.judge(pause);
    return session.info();
  },
  view: (session, { page, view }, pause) => session.view(page, view, pause),
  rows: (session, { page, ...wanted }, pause) => session.rows(page, wanted, pause),
  firstRows: (session, { page, count }, pause) => session.firstRows(page, count, pause),
  lanes: (session, { page, ...wanted }, pause) => session.lanes(page, wanted, pause),
  locate: (session, { page, index }) => session.locate(page, index),
  chart: (session, { scope, query }, pause) => session.chart(scope, query, pause),
  overview: ({ store }, { from, to, buckets }, pause) => run(overview(store, from, to, buckets), pause),
  detail: (session, { index }, pause) => session.detail(index, pause),
  position: (session, { index, side }) => session.position(index, side),
  complete: ({ store }, { filter, caret }) => completeFilter(store, filter, caret),
  problems: ({ store: { problems } }, { limit }) => ({ total: problems.total, problems: problems.list(limit) }),
  overruns: async ({ store }, { budgets }, pause) => {
    await run(store.spine.rowSteps(), pause);
    return overrunsOf(store, budgets);
  },
  contradictions: ({ store }, { limit }, pause) => contradictions(store, limit, pause),
  differs: ({ store }, { filter }, pause) => run(differences(store, filter), pause),
};

export const isQuery = (method: EngineMethod): method is QueryMethod => Object.hasOwn(QUERIES, method);

/** Rejects with an EngineError where the question cannot be answered. */
export async function answer<M extends QueryMethod>(
  session: Session,
  method: M,
  params: EngineParams<M>,
  pause: () => Promise<void>,
): Promise<EngineResult<M>> {
  return await (QUERIES[method] as Query<M>)(session, params, pause);
}
