/** One row's two lanes: the client's bracket with the header's diamond, and under it the server's bar. Pure. */
import type { Row } from "../rows/row";
import type { TimeScale } from "../time/scale";
import { known } from "../words/numbers";
import type { DrawList } from "./draw-list";
import { phasesOf, pieces } from "./phases";

/** A shorter whisker is a smear, CSS pixels. Its line lies between its ends: its colour is translucent, and twice is darker. */
const LEAST_WHISKER = 3;

/** Vertical places in a row, CSS pixels from its top, for a row of 26. */
export interface Lanes {
  clientY: number;
  capRadius: number;
  serverTop: number;
  serverBottom: number;
  diamond: number;
}

export const lanesOf = (rowHeight: number): Lanes => ({
  clientY: Math.round(rowHeight * 0.33),
  capRadius: 3,
  serverTop: Math.round(rowHeight * 0.54),
  serverBottom: Math.round(rowHeight * 0.82),
  diamond: 4,
});

/** What the bars reach over, CSS pixels; null where a row has no time at all. */
export type Extent = readonly [x0: number, x1: number] | null;

/** Draws the lanes of a row whose top is at `top`; `paired`: the session has both sides; `aligned`: on one clock. */
export function layoutBars(
  list: DrawList,
  row: Row,
  scale: TimeScale,
  top: number,
  height: number,
  { paired, aligned }: { paired: boolean; aligned: boolean },
): Extent {
  const lanes = lanesOf(height);
  const extents = [clientLane(list, row, scale, top, lanes), serverLane(list, row, scale, top, lanes)];
  if (aligned) clockWhiskers(list, row, scale, top + lanes.serverBottom);
  if (paired && row.state !== "pending") missingLane(list, row, scale, top, lanes);
  const drawn = extents.filter((extent) => extent !== null);
  if (drawn.length === 0) return null;
  return [Math.min(...drawn.map((extent) => extent[0])), Math.max(...drawn.map((extent) => extent[1]))];
}

function clientLane(list: DrawList, row: Row, scale: TimeScale, top: number, lanes: Lanes): Extent {
  const { fetchStart, connectStart, connectEnd, requestStart, responseStart, responseEnd, clientLast } = row.times;
  const y = top + lanes.clientY;
  const { grain } = scale;
  const thick = Math.max(1, Math.round(1 / grain) * grain);
  const begin = known(requestStart) ? requestStart : known(fetchStart) ? fetchStart : clientLast;
  if (!known(begin)) return null;
  const x0 = scale.edge(begin);
  let left = x0;
  if (fetchStart < begin) {
    left = scale.edge(fetchStart);
    dots(list, left, x0, y, thick);
    if (connectEnd > connectStart)
      list.rect("setup", scale.edge(connectStart), y - 1, scale.edge(connectEnd), y - 1 + 2 * thick);
  }
  const ended = known(responseEnd);
  const end = ended ? responseEnd : known(clientLast) ? clientLast : begin;
  const x1 = Math.max(scale.edge(end), x0 + 2);
  if (row.state === "pending" && !ended) {
    const solid = Math.max(x0, x1 - 24);
    list.rect("client", x0, y, solid, y + thick);
    list.fades.push({ ink: "client", x0: solid, y0: y, x1, y1: y + thick });
  } else list.rect("client", x0, y, x1, y + thick);
  list.rect("client", x0, y - lanes.capRadius, x0 + thick, y + thick + lanes.capRadius);
  if (ended) list.rect("client", x1 - thick, y - lanes.capRadius, x1, y + thick + lanes.capRadius);
  else if (row.state !== "pending")
    list.marks.push({ shape: "cross", ink: "failed", x: x1, y: y + thick / 2, radius: 3.5 });
  if (known(responseStart) && x1 - x0 > 6)
    list.marks.push({
      shape: "diamond",
      ink: "client",
      x: scale.edge(responseStart),
      y: y + thick / 2,
      radius: lanes.diamond,
    });
  return [left, x1];
}

/** Waiting for a connection is not in R C: dots, not a line. */
function dots(list: DrawList, x0: number, x1: number, y: number, thick: number): void {
  const from = Math.max(x0, -8);
  for (let x = from; x < Math.min(x1, from + 4_000); x += 4) list.rect("setup", x, y, Math.min(x + 2, x1), y + thick);
}

function serverLane(list: DrawList, row: Row, scale: TimeScale, top: number, lanes: Lanes): Extent {
  const phases = phasesOf(row);
  const drawn = pieces(phases, scale);
  const y0 = top + lanes.serverTop;
  const y1 = top + lanes.serverBottom;
  arrival(list, row, scale, y0, y1);
  if (drawn.length === 0) {
    if (!known(row.times.parseStart)) return null;
    const x = scale.edge(row.times.parseStart);
    list.rect("process", x, y0, x + 2, y1);
    return [x, x + 2];
  }
  const x1 = drawn.at(-1)!.x1;
  for (const [at, piece] of drawn.entries()) {
    const open = row.state === "pending" && at === drawn.length - 1 && !known(row.times.sendEnd);
    // A queue is thinner than work: the difference must not hang on colour.
    const inset = piece.ink === "queue" ? 2 : 0;
    if (open) list.fades.push({ ink: piece.ink, x0: piece.x0, y0, x1: piece.x1, y1 });
    else list.rect(piece.ink, piece.x0, y0 + inset, piece.x1, y1 - inset);
    if (at > 0 && piece.x1 - piece.x0 > 2) list.rect("border", piece.x0, y0, piece.x0 + scale.grain, y1);
  }
  children(list, row, scale, y1, drawn[0]!.x0, x1);
  if ((row.state === "failed" || row.state === "aborted") && !known(row.times.sendEnd))
    list.marks.push({ shape: "cross", ink: "failed", x: x1, y: (y0 + y1) / 2, radius: 3.5 });
  return [drawn[0]!.x0, x1];
}

/** The interval in which the request arrived: a whisker with its ends; a tick where it is known exactly. */
function arrival(list: DrawList, row: Row, scale: TimeScale, y0: number, y1: number): void {
  const { arrivalEarliest, arrivalLatest } = row.times;
  if (!known(arrivalEarliest) || !known(arrivalLatest)) return;
  const x0 = scale.edge(arrivalEarliest);
  const x1 = scale.edge(arrivalLatest);
  if (x1 - x0 < LEAST_WHISKER) return;
  const middle = Math.round((y0 + y1) / 2);
  list.rect("arrival", x0 + 1, middle, x1 - 1, middle + 1);
  list.rect("arrival", x0, y0 + 1, x0 + 1, y1 - 1);
  list.rect("arrival", x1 - 1, y0 + 1, x1, y1 - 1);
}

/** How far the server's bar may be from where it is drawn: a whisker under each of its ends, where that can be seen. */
function clockWhiskers(
  list: DrawList,
  { times, values: { clockUncertainty } }: Row,
  scale: TimeScale,
  y: number,
): void {
  for (const mark of [times.parseStart, times.sendEnd]) {
    const x0 = scale.edge(mark - clockUncertainty);
    const x1 = scale.edge(mark + clockUncertainty);
    if (!(x1 - x0 >= LEAST_WHISKER)) continue;
    list.rect("arrival", x0 + 1, y + 2, x1 - 1, y + 3);
    list.rect("arrival", x0, y + 1, x0 + 1, y + 4);
    list.rect("arrival", x1 - 1, y + 1, x1, y + 4);
  }
}

/** Outgoing calls, locks and measures: a line along the bottom of the bar that they are part of. */
function children(list: DrawList, row: Row, scale: TimeScale, bottom: number, x0: number, x1: number): void {
  for (const child of row.children) {
    if (!known(child.start)) continue;
    const from = Math.max(x0, scale.edge(child.start));
    const to = Math.min(x1, scale.edge(child.start + child.duration));
    if (to > from) list.rect("child", from, bottom - 3, to, bottom - 1);
  }
}

/** Where the session has both sides and this request has one, the other lane is an empty, dashed outline. */
function missingLane(list: DrawList, row: Row, scale: TimeScale, top: number, lanes: Lanes): void {
  const { requestStart, responseEnd, clientLast, parseStart, sendEnd, serverLast } = row.times;
  const [from, to] = row.hasClient
    ? [requestStart, known(responseEnd) ? responseEnd : clientLast]
    : [parseStart, known(sendEnd) ? sendEnd : serverLast];
  if (row.hasClient === row.hasServer || !known(from) || !known(to)) return;
  const y = row.hasClient ? top + Math.round((lanes.serverTop + lanes.serverBottom) / 2) : top + lanes.clientY;
  const x0 = Math.max(scale.edge(from), -8);
  const x1 = Math.min(scale.edge(to), scale.width + 8);
  for (let x = x0; x < x1; x += 6) list.rect("uncertain", x, y, Math.min(x + 3, x1), y + 1);
}
