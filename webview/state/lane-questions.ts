/** Asks for the lanes under the headers in sight: once for each place, span and revision, the last of many. */
import type { EngineParams, LaneWindow } from "../../src/protocol/messages";
import type { TimeSpan } from "../time/scale";
import { Latest } from "./latest";

/** Segments of one answer: 44 bytes each, far under the 256 KB that a message may have. */
const MOST_SEGMENTS = 4_000;
/** CSS pixels a cell. */
const CELL = 2;

type Wanted = EngineParams<"lanes">;

export class LaneQuestions {
  #asked = "";
  readonly #latest: Latest<Wanted, LaneWindow>;

  constructor(
    ask: (wanted: Wanted) => Promise<LaneWindow>,
    answered: (window: LaneWindow) => void,
    refused: (error: unknown) => void,
  ) {
    this.#latest = new Latest(ask, (_, window) => answered(window), refused);
  }

  /** `count` rows from `from` on are in sight, of which `headers` are headers. */
  want(place: Omit<Wanted, "span" | "cells">, headers: number, span: TimeSpan, width: number): void {
    if (headers === 0 || place.count <= 0) return;
    const cells = Math.max(1, Math.min(Math.ceil(width / CELL), Math.floor(MOST_SEGMENTS / headers)));
    const wanted = { ...place, span, cells };
    const key = JSON.stringify(wanted);
    if (key === this.#asked) return;
    this.#asked = key;
    this.#latest.put(wanted);
  }
}
