/** Every route that both sessions have, what changed first: R C, R S, and the phases that changed. */
import { type ComparedDuration, type ComparedRoute, hasChanged, isShown } from "../../src/model/compare/compare";
import { el, link, set } from "../parts/dom";
import { count, millis } from "../words/numbers";

const NAMES: Partial<Record<ComparedDuration["duration"], string>> = { clientResponse: "R C", serverResponse: "R S" };
const HEADS = [
  "Route",
  "Duration",
  "n",
  "before ms",
  "after ms",
  "difference ms (95 %)",
  "part",
  "effect",
  "p",
  "Answer",
];
/** More than anybody reads. */
const MOST = 200;

/** The route that the picture begins with; null where there is none. */
export const firstRoute = (routes: readonly ComparedRoute[]): string | null =>
  (routes.find(hasChanged) ?? routes[0])?.key ?? null;

/** `show` puts a route's requests into the picture. */
export function routesTable(routes: readonly ComparedRoute[], show: (route: string) => void): HTMLElement {
  const heads = HEADS.map((text, at) => set(el("th", at > 1 && at < 9 ? "right" : "", text), { scope: "col" }));
  const listed = routes.slice(0, MOST);
  const changed = routes.filter(hasChanged).length;
  const sentence =
    changed > 0
      ? `${count(changed)} of ${count(routes.length)} routes changed.`
      : `No difference shown in ${count(routes.length)} routes.`;
  return el(
    "div",
    "compare-routes",
    el("p", "compare-sentence", sentence),
    el(
      "table",
      "compare-table",
      el("thead", "", el("tr", "", ...heads)),
      ...listed.map((route) => routeBody(route, show)),
    ),
    routes.length > MOST && el("p", "dim", `and ${count(routes.length - MOST)} more`),
  );
}

function routeBody({ key, durations }: ComparedRoute, show: (route: string) => void): HTMLElement {
  const shown = durations.filter(isShown);
  const route = set(
    el(
      "th",
      "",
      link(key, "Both sessions on one axis", () => show(key)),
    ),
    {
      scope: "rowgroup",
      rowspan: Math.max(1, shown.length),
    },
  );
  return el("tbody", "", ...shown.map((one, at) => el("tr", "", at === 0 ? route : null, ...cells(one))));
}

function cells(one: ComparedDuration): HTMLElement[] {
  const { duration, count: n, mean, difference, delta, adjusted, word, missing } = one;
  const right = (text: string) => el("td", "right", text);
  const part = difference && mean[0] > 0 ? `${sign(difference.estimate)}${percent(difference.estimate / mean[0])}` : "";
  return [
    el("td", "", NAMES[duration] ?? duration),
    right(n.map(count).join(" / ")),
    right(millis(mean[0])),
    right(millis(mean[1])),
    right(
      difference
        ? `${sign(difference.estimate)}${millis(difference.estimate)} (${millis(difference.low)} … ${millis(difference.high)})`
        : "",
    ),
    right(part),
    right(delta === null ? "" : delta.toFixed(2)),
    right(adjusted === null ? "" : adjusted < 0.001 ? "< 0.001" : adjusted.toFixed(3)),
    el(
      "td",
      word === "slower" ? "status-error" : word === "faster" ? "status-good" : "",
      missing > 0 ? `${word}: ${count(missing)} more requests needed` : word,
    ),
  ];
}

const sign = (value: number): string => (value > 0 ? "+" : "");
const percent = (part: number): string => `${(part * 100).toFixed(1)} %`;
