/** The timeline column of all rows in sight: rows + scale → draw list. Pure; the canvas knows nothing of requests. */
import type { Row } from "../rows/row";
import type { TimeScale } from "../time/scale";
import { known } from "../words/numbers";
import { type Extent, layoutBars } from "./bars";
import { DrawList } from "./draw-list";
import { type LaneSegment, layoutLane } from "./lanes";

export interface Picture {
  /** Rows in sight, undefined where they have not arrived yet. */
  rows: readonly (Row | undefined)[];
  /** CSS pixels from the top of the canvas to the top of the first row; 0 or negative. */
  offset: number;
  rowHeight: number;
  scale: TimeScale;
  /** Positions of the grid's lines, µs. */
  ticks: readonly number[];
  height: number;
  selected: number;
  hovered: number;
  /** The session has both sides, so that a request with one is unusual. */
  paired: boolean;
  /** The server's stamps are put on the client's axis, as far as the clocks are known. */
  aligned: boolean;
  /** What lies under the headers of groups, by position, where it has arrived. */
  lanes: ReadonlyMap<number, readonly LaneSegment[]>;
}

/** Where a click hits what, CSS pixels in the canvas. */
export interface Hit {
  position: number;
  x0: number;
  x1: number;
  what: "handler";
}

const GAP = 8;
const LEAST_LABEL = 48;
const MARGIN = 6;

export function layoutRows(picture: Picture): { list: DrawList; hits: Hit[] } {
  const { rows, offset, rowHeight, scale } = picture;
  const list = new DrawList();
  const hits: Hit[] = [];
  for (const tick of picture.ticks) {
    if (tick < scale.domain[0] || tick > scale.domain[1]) continue;
    const x = scale.edge(tick);
    list.rect("grid", x, 0, x + scale.grain, picture.height);
  }
  for (const [at, row] of rows.entries()) {
    if (!row) continue;
    const top = offset + at * rowHeight;
    if (row.isGroup) list.rect("groupGround", 0, top, scale.width, top + rowHeight);
    if (row.position === picture.selected) selection(list, scale.width, top, top + rowHeight);
    else if (row.position === picture.hovered) list.rect("hover", 0, top, scale.width, top + rowHeight);
    if (row.isGroup) {
      const segments = picture.lanes.get(row.position);
      if (segments) layoutLane(list, segments, scale, top, rowHeight);
      else layoutGroup(list, row, scale, top, rowHeight);
      continue;
    }
    const extent = layoutBars(list, row, scale, top, rowHeight, picture);
    if (extent === null) continue;
    const middle = top + rowHeight / 2;
    if (extent[1] < 0 || extent[0] > scale.width) outside(list, extent, scale, middle);
    else layoutLabel(list, hits, row, extent, scale, middle, row.position === picture.selected);
  }
  return { list, hits };
}

/** A ground, and edges for themes that have no grounds. */
function selection(list: DrawList, width: number, top: number, bottom: number): void {
  list.rect("selection", 0, top, width, bottom);
  list.rect("selectionEdge", 0, top, width, top + 1);
  list.rect("selectionEdge", 0, bottom - 1, width, bottom);
}

/** A group's extent: a thin line over its requests. */
function layoutGroup(list: DrawList, row: Row, scale: TimeScale, top: number, height: number): void {
  const { requestStart, parseStart, clientLast, responseEnd, serverLast, sendEnd } = row.times;
  const from = least(requestStart, parseStart);
  const to = most(clientLast, responseEnd, serverLast, sendEnd);
  if (!known(from) || !known(to)) return;
  const y = top + Math.round(height / 2);
  list.rect("group", scale.edge(from), y - 1, Math.max(scale.edge(to), scale.edge(from) + 2), y + 1);
}

const least = (...values: number[]) => values.reduce((a, b) => (a <= b || Number.isNaN(b) ? a : b), Number.NaN);
const most = (...values: number[]) => values.reduce((a, b) => (a >= b || Number.isNaN(b) ? a : b), Number.NaN);

/** The request is left or right of the picture: an arrow says where. */
function outside(list: DrawList, extent: NonNullable<Extent>, scale: TimeScale, y: number): void {
  const left = extent[1] < 0;
  list.marks.push({ shape: left ? "left" : "right", ink: "text", x: left ? 8 : scale.width - 8, y, radius: 3.5 });
}

/** What is unusual speaks beside the bar: right of it, else left of it, else not (the details have it). */
function layoutLabel(
  list: DrawList,
  hits: Hit[],
  row: Row,
  extent: NonNullable<Extent>,
  scale: TimeScale,
  y: number,
  selected: boolean,
): void {
  const handler = row.hasHandler && (row.flagged || selected) && !row.texts.note.includes(row.texts.handler);
  const parts = [handler ? row.texts.handler : "", row.texts.note].filter(Boolean);
  if (parts.length === 0) return;
  const right = Math.max(0, extent[1]) + GAP;
  const left = Math.min(scale.width, extent[0]) - GAP;
  const onRight = scale.width - right >= LEAST_LABEL && scale.width - right >= Math.min(left, 160);
  const room = (onRight ? scale.width - right : left) - MARGIN;
  if (room < LEAST_LABEL) return;
  const x = onRight ? right : left;
  list.labels.push({
    text: parts.join(" · "),
    ink: row.state === "failed" ? "failed" : row.state === "pending" ? "pending" : selected ? "textStrong" : "text",
    x,
    y,
    align: onRight ? "left" : "right",
    width: room,
  });
  if (handler)
    hits.push({ position: row.position, x0: onRight ? x : x - room, x1: onRight ? x + room : x, what: "handler" });
}
