/** A group's requests on one line: when the clients waited, and when the server worked for them. Pure. */
import type { LaneWindow } from "../../src/protocol/messages";
import type { TimeScale } from "../time/scale";
import { known } from "../words/numbers";
import { lanesOf } from "./bars";
import type { DrawList } from "./draw-list";
import { LEAST_BAR } from "./phases";

export interface LaneSegment {
  /** µs relative to the session's base, NaN where unknown. */
  start: number;
  serverStart: number;
  serverEnd: number;
  end: number;
  requests: number;
  failed: number;
}

/** The segments of a window, by the header's position in the view. */
export function readLanes({ positions, times, requests, failed }: LaneWindow): Map<number, LaneSegment[]> {
  const lanes = new Map<number, LaneSegment[]>();
  const count = positions.length;
  positions.forEach((position, at) => {
    const [start, serverStart, serverEnd, end] = [0, 1, 2, 3].map((field) => times[field * count + at]!) as [
      number,
      number,
      number,
      number,
    ];
    const segment = { start, serverStart, serverEnd, end, requests: requests[at]!, failed: failed[at]! };
    lanes.set(position, [...(lanes.get(position) ?? []), segment]);
  });
  return lanes;
}

export function layoutLane(
  list: DrawList,
  segments: readonly LaneSegment[],
  scale: TimeScale,
  top: number,
  height: number,
): void {
  const { clientY, serverTop, serverBottom, capRadius } = lanesOf(height);
  const y = top + clientY;
  for (const { start, serverStart, serverEnd, end, requests, failed } of segments) {
    if (end < scale.domain[0] || start > scale.domain[1]) continue;
    const x0 = scale.edge(start);
    const x1 = Math.max(scale.edge(end), x0 + LEAST_BAR);
    list.rect("client", x0, y, x1, y + 1);
    // Where one stands for many, or there is no room, its ends say nothing.
    if (requests === 1 && x1 - x0 > 4) {
      list.rect("client", x0, y - capRadius, x0 + 1, y + 1 + capRadius);
      list.rect("client", x1 - 1, y - capRadius, x1, y + 1 + capRadius);
    }
    if (failed > 0) list.rect("failed", x1 - 3, y - 1, x1, y + 2);
    if (!known(serverStart) || !known(serverEnd)) continue;
    const from = scale.edge(serverStart);
    list.rect("process", from, top + serverTop, Math.max(scale.edge(serverEnd), from + LEAST_BAR), top + serverBottom);
    if (requests === 1 && x1 - x0 > 4)
      list.rect("border", from, top + serverTop, from + scale.grain, top + serverBottom);
  }
}
