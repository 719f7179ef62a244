/**
 * Requests that were put together from marks, as records of the tables. A request keeps its record while marks are
 * joined anew with those that came later: it is known again by the lines of its marks.
 */
import type { StampedClient, StampedServer } from "../model/pairing/stamped";
import type { Role } from "../model/record";
import { draftClient, draftServer } from "./draft";
import { CLIENT_LAYOUT, type Draft, SERVER_LAYOUT } from "./fields";
import type { RecordPlace } from "./log-file";
import type { LogPart } from "./log-part";
import type { PlacedStamp, Store } from "./store";

/** A request's record, and what became of it. */
export interface StampedRecord {
  record: number;
  /** `kept`: nothing is known that was not known before. `settled`: it is not to be changed any more. */
  state: "new" | "changed" | "kept" | "settled";
  /** Time of the last of its marks, µs. */
  last: number;
}

export class StampRecords {
  /** Where each mark's line led before this join. */
  private readonly before: readonly (RecordPlace | null)[];
  private readonly claimed = new Set<number>();
  private readonly clientDraft: Draft = new Float64Array(CLIENT_LAYOUT.length);
  private readonly serverDraft: Draft = new Float64Array(SERVER_LAYOUT.length);

  /** Requests that began before `settled`, µs, stay as they are. */
  constructor(
    private readonly store: Store,
    private readonly side: Role,
    private readonly stamps: readonly PlacedStamp[],
    private readonly settled: number,
  ) {
    this.before = stamps.map(({ file, line }) => file.at(line));
    for (const { file, line } of stamps) file.displace(line);
  }

  client(request: StampedClient): StampedRecord {
    const { part, line } = this.place(request);
    const { url, requestStart, responseStart, responseEnd } = request;
    const state = responseEnd === undefined ? ({ state: "pending" } as const) : {};
    const draft = this.clientDraft;
    draftClient(
      draft,
      {
        ...({ type: "client", seq: 0, req: 0, method: "", url, requestStart, responseStart, responseEnd } as const),
        ...state,
        ...noteOf(request),
      },
      this.store,
      part,
      line,
    );
    draft[CLIENT_LAYOUT.at.method] = Number.NaN;
    return this.keep(draft, request, part, [requestStart, responseStart, responseEnd]);
  }

  server(request: StampedServer): StampedRecord {
    const { part, line } = this.place(request);
    const { parseStart = Number.NaN, parseEnd, processEnd, sendEnd, method = "", target, file, host } = request;
    const state = sendEnd === undefined && parseEnd !== undefined ? ({ state: "pending" } as const) : {};
    const draft = this.serverDraft;
    draftServer(
      draft,
      {
        ...({ type: "server", seq: 0, req: 0, method, target: target ?? file ?? "" } as const),
        ...{ parseStart, parseEnd, processEnd, sendEnd },
        ...(host !== undefined && { conn: `${host}>` }),
        ...state,
        ...noteOf(request),
      },
      this.store,
      part,
      line,
    );
    if (method === "") draft[SERVER_LAYOUT.at.method] = Number.NaN;
    if (file !== undefined)
      draft[SERVER_LAYOUT.at.handler] = this.store.sources.add({ type: "source", seq: 0, id: 0, file, confidence: 1 });
    return this.keep(draft, request, part, [parseStart, parseEnd, processEnd, sendEnd]);
  }

  /** Records whose marks have all gone to other requests. */
  unclaimed(): number[] {
    const left = new Set<number>();
    for (const place of this.before) if (place && !this.claimed.has(place.record)) left.add(place.record);
    return [...left];
  }

  /** Where a request's record stands: at its first mark. */
  private place({ stamps, grain }: { stamps: readonly number[]; grain: number }): { part: LogPart; line: number } {
    const { file, line } = this.stamps[stamps[0]!]!;
    const part = file.whole();
    part.role = this.side;
    part.grain = Math.max(part.grain, grain);
    return { part, line };
  }

  /** All lines of a request lead to its record. */
  private keep(
    draft: Draft,
    { stamps }: { stamps: readonly number[] },
    part: LogPart,
    marks: readonly (number | undefined)[],
  ): StampedRecord {
    const own = stamps.map((stamp) => this.stamps[stamp]!.stamp.time);
    const last = Math.max(...own);
    const known = stamps.map((stamp) => this.before[stamp]).find((place) => place && !this.claimed.has(place.record));
    const settled = known !== undefined && Math.min(...own) < this.settled;
    const { record, state } = settled
      ? { record: known!.record, state: "settled" as const }
      : this.write(known?.record, draft);
    this.claimed.add(record);
    for (const stamp of stamps) {
      const { file, line } = this.stamps[stamp]!;
      file.place(line, { side: this.side, record });
    }
    const times = marks.filter((time) => time !== undefined && !Number.isNaN(time)) as number[];
    this.store.cover(part, times[0] ?? Number.NaN, times.at(-1) ?? Number.NaN);
    return { record, state, last };
  }

  private write(known: number | undefined, draft: Draft): Pick<StampedRecord, "record" | "state"> {
    const table = this.store[this.side];
    if (known === undefined) return { record: table.append(draft), state: "new" };
    if (table.holds(known, draft)) return { record: known, state: "kept" };
    table.replace(known, draft);
    return { record: known, state: "changed" };
  }
}

const noteOf = ({ note }: { note?: string }) => (note === undefined ? {} : { error: note });
