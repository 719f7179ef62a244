/**
 * One axis for stamps of different clocks: that of the session's first client log, else of its first log. A log of the
 * same boot lies on it exactly; a paired server's record by its own pair; any other by the client that its log has most
 * pairs with.
 */
import type { Alignment } from "../model/alignment";
import type { LogPart } from "./log-part";
import { offsetOfBoot } from "./same-boot";
import type { Store } from "./store";

interface PartShift {
  /** What to subtract to be on the axis, or on the clock of the client that `alignment` is with. */
  constant: number;
  alignment: Alignment | null;
}

/** Bounds that narrow by less than this, µs, move nothing that is seen. */
export const UNSEEN = 100;

export class Axis {
  private readonly shifts: PartShift[];

  /** Computed for the clocks as they are known now. */
  constructor(private readonly store: Store) {
    const reference = store.parts.find((part) => part.role === "client") ?? store.parts[0];
    this.shifts = store.parts.map((part) => this.partShift(part, reference));
  }

  /** Changes where the axis does by `UNSEEN` or more: at an end of an epoch, or where an epoch begins. */
  get signature(): string {
    return this.shifts
      .map(({ constant, alignment }) => {
        const at = (time: number): number => Math.round((alignment?.offsetAt(time).offset ?? 0) / UNSEEN);
        const epochs = alignment?.epochs.map(({ from, to }, epoch) => [epoch && from, at(from), at(to)].join(" "));
        return [constant, ...(epochs ?? [])].join(" ");
      })
      .join();
  }

  /** What to subtract from a server record's first stamp. */
  serverStart(record: number): number {
    const shift = this.shifts[this.store.server.value(record, "log")];
    return shift && shift.alignment === null ? shift.constant : this.server(record).up;
  }

  /** What to subtract from the stamps of a log part, at one of its stamps. */
  ofPart(part: number, stamp: number): number {
    const shift = this.shifts[part];
    if (!shift) return 0;
    const { constant, alignment } = shift;
    if (!alignment) return constant;
    // The offset is asked for by the client's time, which is known once the offset is: two rounds are enough.
    const near = alignment.offsetAt(stamp).offset;
    return constant + Math.round(alignment.offsetAt(stamp - near).offset);
  }

  /** What to subtract from a client record's stamps. */
  client(record: number): number {
    return this.ofClient(this.store.client.value(record, "log"));
  }

  /** The same, by the record's log part. */
  ofClient(part: number): number {
    return this.shifts[part]?.constant ?? 0;
  }

  /** What to subtract from all stamps of a server's log part; NaN where it depends on the record. */
  ofServer(part: number): number {
    const shift = this.shifts[part];
    if (!shift) return 0;
    return shift.alignment === null ? shift.constant : Number.NaN;
  }

  /** What to subtract from a server record's stamps: `up` from what came in, `down` from what went out. */
  server(record: number): { up: number; down: number } {
    const { store } = this;
    const part = store.server.value(record, "log");
    const client = store.rows.client(store.rows.row("server", record));
    const shift = this.shifts[part];
    if (shift?.alignment && !Number.isNaN(client)) {
      const offset = store.clocks.offset(client, record);
      const base = this.client(client);
      if (offset) return { up: offset.up + base, down: offset.down + base };
    }
    const value = this.ofPart(part, store.server.start(record));
    return { up: value, down: value };
  }

  private partShift(part: LogPart, reference: LogPart | undefined): PartShift {
    if (reference === undefined || part === reference) return { constant: 0, alignment: null };
    const client = part.role === "server" ? this.store.clocks.mainClient(part) : null;
    const alignment = client && this.store.clocks.alignment(part, client);
    if (client && alignment && alignment.quality !== "none") {
      const base = Math.round(offsetOfBoot(client, reference) ?? 0);
      if (alignment.quality === "exact")
        return { constant: base + Math.round(alignment.offsetAt(0).offset), alignment: null };
      return { constant: base, alignment };
    }
    return { constant: Math.round(offsetOfBoot(part, reference) ?? 0), alignment: null };
  }
}
