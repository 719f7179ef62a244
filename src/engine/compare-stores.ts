/** Open sessions compared: routes and phases, budgets, and what answered a route. */
import { type Budget, type Overrun, overruns } from "../model/compare/budgets";
import { MINIMUM } from "../model/compare/change";
import { compare, hasChanged, isShown } from "../model/compare/compare";
import type { SourceLocation } from "../model/request";
import type { SessionComparison } from "../protocol/messages";
import { comparedRun } from "./compared-run";
import { comparisonMarkdown } from "./comparison-text";
import { RowFacts } from "./row-facts";
import { statisticsBy } from "./statistics";
import { interlude, paced } from "./steps";
import type { Store } from "./store";

/** More than anybody reads; a site without routes has as many as paths. */
const MOST_ROUTES = 200;

/** Each side has one session at least; `sides` says which, in words. Routes that changed come first. */
export function compareStores(base: readonly Store[], others: readonly Store[], sides: string): SessionComparison {
  const found = compare(base.map(comparedRun), others.map(comparedRun), MINIMUM, interlude);
  const changed = found.routes.filter(hasChanged);
  const routes = [...changed, ...found.routes.filter((route) => !hasChanged(route))]
    .slice(0, MOST_ROUTES)
    .map(({ key, durations }) => ({ key, durations: durations.filter(isShown) }));
  const left = found.routes.length - routes.length;
  const notes = left > 0 ? [...found.notes, `${left} more routes are not listed.`] : found.notes;
  const comparison = { ...found, routes, notes };
  const sources = handlersOf(others[0]!);
  return {
    sides,
    comparison,
    markdown: [...comparisonMarkdown(comparison, sides)].join(""),
    handlers: [...sources].map(([route, source]) => ({ route, source })),
  };
}

export function overrunsOf(store: Store, budgets: readonly Budget[]): (Overrun & { source: SourceLocation | null })[] {
  const found = overruns(budgets, statisticsBy(store, "route"));
  if (found.length === 0) return [];
  const sources = handlersOf(store);
  return found.map((one) => ({ ...one, source: sources.get(one.route) ?? null }));
}

/** By route: what answered it last. Code moves, and the last one is nearest to what the editor shows. */
function handlersOf(store: Store): Map<string, SourceLocation> {
  const facts = new RowFacts(store);
  const numbers = new Map<number, number>();
  for (const row of paced(store.spine.rows())) {
    const handler = facts.ofServer(row, "handler");
    if (!Number.isNaN(handler)) numbers.set(store.spine.routeOf(row), handler);
  }
  return new Map(
    [...numbers].flatMap(([route, handler]) => {
      const source = store.sources.location(handler);
      return source ? [[store.routes.text(route), source] as const] : [];
    }),
  );
}
