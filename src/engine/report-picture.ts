/** A request's two lanes as a still picture: for a reader without scripts, and for paper. */
import type { MarkKey } from "../model/marks";
import type { TimelineRequest } from "../model/request";
import { html } from "./html-text";
import { formatMicros } from "./units";

const WIDTH = 1000;
const HEIGHT = 16;
/** Thinner than this is not seen. */
const THINNEST = 2;

type Stamp = Exclude<MarkKey, "arrival">;
const SERVER_PHASES = [
  ["parse", "parseStart", "parseEnd"],
  ["process", "parseEnd", "processEnd"],
  ["send", "processEnd", "sendEnd"],
] as const satisfies readonly (readonly [string, Stamp, Stamp])[];

/**
 * From its first mark to its last. `offset`: what to subtract from server stamps, µs; null where the clocks are not
 * known, and only the client's lane can be drawn.
 */
export function requestPicture(request: TimelineRequest, offset: number | null): string {
  const { marks, durations } = request;
  const whole = durations.clientResponse ?? durations.serverResponse ?? 0;
  const from = marks.requestStart ?? marks.parseStart;
  if (from === null || whole <= 0) return "";
  const shift = marks.requestStart === null ? 0 : offset;
  const bar = (name: string, start: number | null, end: number | null, y: number, height: number): string => {
    if (start === null || end === null) return "";
    const x = Math.max(0, ((start - from) / whole) * WIDTH);
    const width = Math.max(THINNEST, ((end - from) / whole) * WIDTH - x);
    return `<rect class="${name}" x="${x.toFixed(1)}" y="${y}" width="${width.toFixed(1)}" height="${height}"/>`;
  };
  const onAxis = (key: Stamp): number | null => (marks[key] === null || shift === null ? null : marks[key] - shift);
  const parts = [
    bar("client", marks.requestStart, marks.responseEnd, 1, 2),
    bar("client", marks.responseStart, marks.responseEnd, 0, 4),
    ...SERVER_PHASES.map(([name, start, end]) => bar(name, onAxis(start), onAxis(end), 6, 9)),
  ];
  const words = (["queue", "parse", "process", "send", "network"] as const)
    .filter((key) => durations[key] !== null)
    .map((key) => `${key} ${formatMicros(durations[key])}`)
    .join(", ");
  return `<svg viewBox="0 0 ${WIDTH} ${HEIGHT}" preserveAspectRatio="none" role="img" aria-label="${html(words)}">${parts.join("")}</svg>`;
}

/** A part of the longest bar. The number stands beside it. */
export const countBar = (part: number): string =>
  `<svg viewBox="0 0 ${WIDTH} ${HEIGHT}" preserveAspectRatio="none" aria-hidden="true"><rect class="process" y="4" width="${Math.round(part * WIDTH)}" height="8"/></svg>`;
