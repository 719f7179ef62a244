/** The legend names the marks by symbol and caption, and every picture that a row can show. */
import { MARKS, type MarkKey } from "../../src/model/marks";
import { el, set } from "./dom";

const symbolOf = (key: MarkKey): string => MARKS.find((mark) => mark.key === key)!.symbol;
const captionOf = (key: MarkKey): string => MARKS.find((mark) => mark.key === key)!.caption;

/** Class of the sample, its name, and between which marks it lies. */
const ENTRIES: readonly [sample: string, name: string, from: MarkKey, to: MarkKey | null][] = [
  ["client", "client", "requestStart", "responseEnd"],
  ["header", "header", "responseStart", null],
  ["arrival", "arrival", "arrival", null],
  ["queue", "queue", "arrival", "parseStart"],
  ["parse", "parse", "parseStart", "parseEnd"],
  ["process", "process", "parseEnd", "processEnd"],
  ["send", "send", "processEnd", "sendEnd"],
];

export function legend(clocks: HTMLElement, hasEditor: boolean, help: () => void): HTMLElement {
  const entries = ENTRIES.map(([sample, name, from, to]) => {
    const symbols = to ? `${symbolOf(from)} … ${symbolOf(to)}` : symbolOf(from);
    const captions = to ? `from “${captionOf(from)}” to “${captionOf(to)}”` : captionOf(from);
    const entry = el(
      "li",
      "legend-entry",
      el("span", `sample sample-${sample}`),
      el("span", "", name),
      el("span", "legend-symbols", symbols),
    );
    entry.title = `${name}: ${captions} (${symbols})`;
    return entry;
  });
  const list = set(el("ul", "legend-list", ...entries), { "aria-label": "Legend" });
  const keys = el(
    "button",
    "legend-keys",
    `↑↓ row · ${hasEditor ? "↵ handler · L log · " : ""}W A S D zoom and pan · / filter · ? help`,
  );
  keys.title = "All keys";
  keys.addEventListener("click", help);
  return el("footer", "legend", list, clocks, keys);
}
