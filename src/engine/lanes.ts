/** The requests under a view's group headers as lines of segments: level of detail for rows that stand for many. */
import type { EngineParams, LaneWindow } from "../protocol/messages";
import { inSteps, ROWS_A_STEP, type Steps } from "./steps";
import type { Store } from "./store";
import type { ViewRows } from "./view";

export type WantedLanes = Omit<EngineParams<"lanes">, "session" | "page">;

/** start, serverStart, serverEnd, end. */
const FIELDS = 4;

export function* cutLanes(store: Store, rows: ViewRows, wanted: WantedLanes): Steps<LaneWindow> {
  const spans = yield* store.spine.spanSteps();
  const segments = new Segments();
  const end = Math.min(wanted.from + wanted.count, rows.result.rows);
  for (let position = wanted.from; position < end; position++) {
    const entry = rows.at(position);
    if (typeof entry === "number") continue;
    const lane = new Lane(store.base, spans, wanted);
    yield* inSteps(entry.rows.length, ROWS_A_STEP, (from, to) => lane.cut(entry.rows.subarray(from, to)));
    lane.addTo(segments, position);
  }
  return segments.window(rows.revision);
}

/** One group's requests, by the cell in which they begin. */
class Lane {
  private readonly times: Float64Array;
  private readonly requests: Uint32Array;
  private readonly failed: Uint32Array;

  constructor(
    private readonly base: number,
    private readonly spans: ReturnType<Store["spine"]["spans"]>,
    private readonly wanted: WantedLanes,
  ) {
    this.times = new Float64Array(FIELDS * wanted.cells).fill(Number.NaN);
    this.requests = new Uint32Array(wanted.cells);
    this.failed = new Uint32Array(wanted.cells);
  }

  cut(rows: Uint32Array): void {
    const { base } = this;
    const { from, to, serverFrom, serverTo, failed } = this.spans;
    const { span, cells } = this.wanted;
    const width = (span[1] - span[0]) / cells;
    for (const row of rows) {
      const start = from[row]! - base;
      const end = to[row]! - base;
      if (!(start <= span[1] && end >= span[0])) continue;
      const cell = Math.max(0, Math.min(cells - 1, Math.floor((start - span[0]) / width)));
      this.requests[cell]!++;
      this.failed[cell]! += failed[row]!;
      this.least(cell, 0, start);
      this.most(cell, 3, end);
      this.least(cell, 1, serverFrom[row]! - base);
      this.most(cell, 2, serverTo[row]! - base);
    }
  }

  addTo(segments: Segments, position: number): void {
    const { cells } = this.wanted;
    for (let cell = 0; cell < cells; cell++) {
      if (this.requests[cell] === 0) continue;
      const times = Array.from({ length: FIELDS }, (_, field) => this.times[field * cells + cell]!);
      segments.add(position, times, this.requests[cell]!, this.failed[cell]!);
    }
  }

  private least(cell: number, field: number, time: number): void {
    const at = field * this.wanted.cells + cell;
    if (!(this.times[at]! <= time) && !Number.isNaN(time)) this.times[at] = time;
  }

  private most(cell: number, field: number, time: number): void {
    const at = field * this.wanted.cells + cell;
    if (!(this.times[at]! >= time) && !Number.isNaN(time)) this.times[at] = time;
  }
}

class Segments {
  private readonly positions: number[] = [];
  private readonly times: number[][] = [];
  private readonly requests: number[] = [];
  private readonly failed: number[] = [];

  add(position: number, times: number[], requests: number, failed: number): void {
    this.positions.push(position);
    this.times.push(times);
    this.requests.push(requests);
    this.failed.push(failed);
  }

  window(revision: number): LaneWindow {
    const count = this.positions.length;
    return {
      revision,
      positions: Uint32Array.from(this.positions),
      times: Float64Array.from({ length: FIELDS * count }, (_, at) => this.times[at % count]![Math.floor(at / count)]!),
      requests: Uint32Array.from(this.requests),
      failed: Uint32Array.from(this.failed),
    };
  }
}
