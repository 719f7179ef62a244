/** Where this request stands among those of its route: a small histogram, with the same in words. */
import type { RequestDetail } from "../../src/protocol/messages";
import { el, set } from "../parts/dom";
import { count, duration } from "../words/numbers";

const WIDTH = 420;
const HEIGHT = 40;
const SVG = "http://www.w3.org/2000/svg";

export function histogram(among: NonNullable<RequestDetail["among"]>): HTMLElement {
  const { edges, counts, own } = among;
  const most = Math.max(1, ...counts);
  const step = WIDTH / Math.max(1, counts.length);
  const ownBin = Math.max(
    0,
    counts.findIndex((_, at) => own < edges[at + 1]! || at === counts.length - 1),
  );
  const svg = set(document.createElementNS(SVG, "svg"), {
    class: "histogram-bars",
    viewBox: `0 0 ${WIDTH} ${HEIGHT + 1}`,
    preserveAspectRatio: "none",
    role: "img",
    "aria-label": `${standing(among)}; ${counts.map((n, at) => `${duration(edges[at]!)}: ${n}`).join(", ")}`,
  });
  counts.forEach((n, at) => {
    // Whoever is alone in a bin must still be seen.
    const height = n === 0 ? 0 : Math.max(3, (n / most) * HEIGHT);
    const bar = set(document.createElementNS(SVG, "rect"), {
      x: at * step + 1,
      y: HEIGHT - height,
      width: Math.max(1, step - 2),
      height,
      class: at === ownBin ? "bin bin-own" : "bin",
    });
    svg.append(bar);
  });
  svg.append(
    set(document.createElementNS(SVG, "line"), {
      x1: 0,
      x2: WIDTH,
      y1: HEIGHT + 0.5,
      y2: HEIGHT + 0.5,
      class: "bin-base",
    }),
  );
  const axis = el(
    "div",
    "histogram-axis",
    el("span", "", duration(edges[0] ?? null)),
    el("span", "", standing(among)),
    el("span", "", duration(edges.at(-1) ?? null)),
  );
  return el("div", "histogram", svg, axis);
}

/** "this one: slowest of 37" */
export function standing({ rank, count: n }: NonNullable<RequestDetail["among"]>): string {
  if (rank === 1) return `this one: slowest of ${count(n)}`;
  if (rank === n) return `this one: fastest of ${count(n)}`;
  return `this one: number ${count(rank)} of ${count(n)} from the slowest`;
}
