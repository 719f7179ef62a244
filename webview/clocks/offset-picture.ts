/** The offset over time: a line with its band for each epoch, dashes where the clock stepped. The table says the same. */
import type { ClockEpoch } from "../../src/model/clock";
import { el, set } from "../parts/dom";
import { clockSeconds } from "../words/clock";
import { count, duration, exactMillis, plain } from "../words/numbers";
import { layoutOffsets, type OffsetChart, offsetAt } from "./offset-chart";

const WIDTH = 640;
const HEIGHT = 120;
const SVG = "http://www.w3.org/2000/svg";

const shape = (tag: string, attributes: Record<string, string | number>): Element =>
  set(document.createElementNS(SVG, tag), attributes);

/** A sign where there is a choice: ahead or behind. */
const signed = (text: string, value: number): string => (value > 0 ? `+${text}` : text);

/** Null where no epoch has an offset. */
export function offsetPicture(epochs: readonly ClockEpoch[]): HTMLElement | null {
  const chart = layoutOffsets(epochs, WIDTH, HEIGHT);
  if (!chart) return null;
  const svg = set(document.createElementNS(SVG, "svg"), {
    class: "offset-chart",
    viewBox: `0 0 ${WIDTH} ${HEIGHT}`,
    preserveAspectRatio: "none",
    role: "img",
    "aria-label": `Offset over time, ${words(chart)}; the table below has the numbers`,
  });
  for (const { band } of chart.epochs) svg.append(shape("polygon", { class: "offset-band", points: band.join(" ") }));
  for (const { x, y0, y1 } of chart.steps)
    svg.append(shape("line", { class: "offset-step", x1: x, x2: x, y1: y0, y2: y1 }));
  for (const { line } of chart.epochs) svg.append(shape("polyline", { class: "offset-line", points: line.join(" ") }));
  const [low, high] = chart.range;
  const axis = (...texts: string[]) => el("div", "histogram-axis", ...texts.map((text) => el("span", "", text)));
  return el(
    "div",
    "offset-picture",
    axis(signed(duration(high), high)),
    svg,
    axis(signed(duration(low), low)),
    axis(clockSeconds(chart.span[0]), clockSeconds(chart.span[1])),
  );
}

function words({ span, range, steps }: OffsetChart): string {
  const stepped = steps.length === 0 ? "no step" : steps.length === 1 ? "1 step" : `${count(steps.length)} steps`;
  return `${clockSeconds(span[0])} to ${clockSeconds(span[1])}, ${duration(range[0])} to ${duration(range[1])}, ${stepped}`;
}

/** The same as a table: a row for each epoch, and by how much the clock stepped before it. */
export function offsetTable(epochs: readonly ClockEpoch[]): HTMLElement {
  const heads = ["From", "To", "Offset ms", "± ms", "Drift ppm", "Step before ms", "Requests", "Known"];
  const head = heads.map((text, at) => set(el("th", at > 1 ? "right" : "", text), { scope: "col" }));
  const rows = epochs.map((epoch, at) => {
    const before = epochs[at - 1];
    const step = before && offsetAt(epoch, epoch.from) - offsetAt(before, epoch.from);
    return el(
      "tr",
      "",
      set(el("th", "", clockSeconds(epoch.from)), { scope: "row" }),
      el("td", "", clockSeconds(epoch.to)),
      el("td", "right", signed(exactMillis(epoch.offset), epoch.offset)),
      el("td", "right", exactMillis(epoch.uncertainty)),
      el("td", "right", plain(epoch.drift)),
      el("td", "right", step === undefined ? "" : signed(exactMillis(step), step)),
      el("td", "right", count(epoch.samples)),
      el("td", "right", epoch.quality),
    );
  });
  return el("table", "offset-table", el("thead", "", el("tr", "", ...head)), el("tbody", "", ...rows));
}
