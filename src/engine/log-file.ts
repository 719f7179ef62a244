/** One file of a session: the sink of its decoder. Numbers its parts' records, drops repeats, reports losses. */
import type { RecordSink } from "../formats/format";
import type { LogRecord, RequestRecord, Role, StampRecord } from "../model/record";
import { Column, type PackedColumn } from "./column";
import { draftClient, draftServer } from "./draft";
import { CLIENT_LAYOUT, type Draft, SERVER_LAYOUT } from "./fields";
import type { LogPart } from "./log-part";
import type { Packer, Unpacker } from "./packing";
import type { Pages } from "./pages";
import type { Store } from "./store";
import type { Table } from "./table";

const clientDraft: Draft = new Float64Array(CLIENT_LAYOUT.length);
const serverDraft: Draft = new Float64Array(SERVER_LAYOUT.length);

export interface PackedFile {
  path: string;
  name: string;
  count: number;
  part: number | null;
  lines: PackedColumn;
}

export interface RecordPlace {
  side: Role;
  record: number;
}

/** Drafts of one side's records on adjacent lines, a field after the other. */
export interface DraftColumns {
  sequences: Float64Array;
  /** Places in a draft. */
  places: readonly number[];
  /** The values of each place, which are used up. */
  columns: readonly Float64Array[];
}

/** A record's number and side as a line's value. */
const heldAs = (side: Role, record: number): number => record * 2 + (side === "server" ? 1 : 0);

export class LogFile implements RecordSink {
  /** Line → record · 2 + (1 for the server's side). */
  private readonly lines = new Column("u32");
  private part: LogPart | null = null;
  /** The last line that a request stands on. */
  private count = 0;

  constructor(
    private readonly store: Store,
    readonly path: string,
    readonly name: string,
  ) {}

  get bytes(): number {
    return this.lines.bytes;
  }

  /** Room for so many lines is taken at once. */
  expect(lines: number): void {
    this.lines.expect(lines);
  }

  /** The first lines' records go to a file. */
  release(pages: Pages): void {
    this.lines.release(this.count + 1, pages);
  }

  pack(out: Packer): PackedFile {
    const { path, name, count } = this;
    return { path, name, count, part: this.part?.number ?? null, lines: this.lines.pack(out, count + 1) };
  }

  unpack({ count, lines }: PackedFile, part: LogPart | null, from: Unpacker): void {
    this.count = count;
    this.part = part;
    this.lines.unpack(lines, from);
  }

  /** What the record on a line (1-based) became; null where the line holds no request. */
  at(line: number): RecordPlace | null {
    const held = this.lines.get(line);
    return Number.isNaN(held) ? null : { side: held % 2 === 1 ? "server" : "client", record: Math.floor(held / 2) };
  }

  /** The part of a file whose format has no headers. */
  whole(): LogPart {
    this.part ??= this.store.part(this, null);
    return this.part;
  }

  /** A record's line, besides the one that it was decoded from. */
  place(line: number, { side, record }: RecordPlace): void {
    if (line > this.count) this.count = line;
    this.lines.set(line, heldAs(side, record));
  }

  /** A line that is to lead to another record, or to none. */
  displace(line: number): void {
    this.lines.set(line, Number.NaN);
  }

  problem(line: number, reason: string): void {
    this.store.problems.add({ file: this.name, line, reason });
  }

  record(record: LogRecord | StampRecord, line: number): void {
    if (record.type === "header") {
      this.part = this.store.part(this, record);
      return;
    }
    if (record.type === "stamp") {
      this.store.stamps.add({ stamp: record, file: this, line });
      return;
    }
    const part = this.current(line, record.type);
    if (!this.inSequence(part, record.seq, line)) return;
    switch (record.type) {
      case "source":
        part.define(record);
        break;
      case "event":
        this.store.events.push(record);
        break;
      case "listen":
        this.store.listens.push(record);
        break;
      case "cost":
        part.writer.cost = record;
        break;
      case "end":
        part.writer.ended = record;
        if (record.lost > 0) this.problem(line, `the writer lost ${record.lost} records`);
        break;
      case "anchor":
        this.problem(line, `the wall clock stepped by ${record.step} µs; stamps go on from the first anchor`);
        break;
      default:
        this.request(record, part, line);
    }
  }

  /** A request that the byte scanner read: a draft whose sources are still the writer's ids. */
  scanned(side: Role, sequence: number, draft: Draft, line: number): void {
    const part = this.current(line, side);
    if (!this.inSequence(part, sequence, line)) return;
    draft[CLIENT_LAYOUT.at.log] = part.number;
    draft[CLIENT_LAYOUT.at.line] = line;
    if (side === "client") {
      this.keep(this.store.client, draft, side, part, line, false);
      return;
    }
    const { handler, responder, worker } = SERVER_LAYOUT.at;
    draft[handler] = part.source(draft[handler]);
    draft[responder] = part.source(draft[responder]);
    if (Number.isNaN(draft[worker])) draft[worker] = part.header?.worker ?? Number.NaN;
    this.keep(this.store.server, draft, side, part, line, false);
  }

  /** The same of many, the first of which stands on a line. */
  scannedAll(side: Role, { sequences, places, columns }: DraftColumns, line: number): void {
    const part = this.current(line, side);
    const { pending, sequence } = part.writer;
    const isPlain =
      pending.size === 0 && (part.header === null || sequences.every((own, at) => own === sequence + 1 + at));
    if (!isPlain) {
      const draft = side === "client" ? clientDraft : serverDraft;
      for (let at = 0; at < sequences.length; at++) {
        draft.fill(Number.NaN);
        for (let place = 0; place < places.length; place++) draft[places[place]!] = columns[place]![at]!;
        this.scanned(side, sequences[at]!, draft, line + at);
      }
      return;
    }
    if (part.header) part.writer.sequence += sequences.length;
    const { handler, responder, worker } = SERVER_LAYOUT.at;
    const { log, line: lineAt } = CLIENT_LAYOUT.at;
    if (side === "server")
      places.forEach((place, at) => {
        const values = columns[at]!;
        if (place === handler || place === responder)
          for (let one = 0; one < values.length; one++) values[one] = part.source(values[one]);
        else if (place === worker && part.header?.worker !== undefined)
          for (let one = 0; one < values.length; one++)
            if (Number.isNaN(values[one]!)) values[one] = part.header.worker;
      });
    const table = this.store[side];
    const first = table.length;
    const { length } = sequences;
    const lines = new Float64Array(length);
    const held = new Float64Array(length);
    for (let at = 0; at < length; at++) {
      lines[at] = line + at;
      held[at] = heldAs(side, first + at);
    }
    const { starts, last } = table.appendAll(
      [log, lineAt, ...places],
      [new Float64Array(length).fill(part.number), lines, ...columns],
    );
    this.store.pairing.addedAll(side, first, length);
    this.count = Math.max(this.count, line + length - 1);
    this.lines.setAll(line, held);
    // Distances from the first stamp by now.
    const fetched = side === "client" ? columns[places.indexOf(CLIENT_LAYOUT.at.fetchStart)] : undefined;
    for (let at = 0; at < length; at++) this.store.cover(part, starts[at]! + Math.min(0, fetched?.[at] || 0), last);
  }

  private current(line: number, type: LogRecord["type"]): LogPart {
    if (this.part === null) {
      this.part = this.store.part(this, null);
      this.problem(line, "records without a header before them: their clock's anchor is not known");
    }
    if (this.part.role === null && (type === "server" || type === "client")) this.part.role = type;
    return this.part;
  }

  /** False for a repeat. */
  private inSequence(part: LogPart, sequence: number, line: number): boolean {
    if (part.header === null) return true;
    if (sequence <= part.writer.sequence) {
      this.problem(line, `record ${sequence} is repeated; dropped`);
      return false;
    }
    const missing = sequence - part.writer.sequence - 1;
    if (missing > 0)
      this.problem(line, `${missing} ${missing === 1 ? "record is" : "records are"} missing before record ${sequence}`);
    part.writer.sequence = sequence;
    return true;
  }

  private request(record: RequestRecord, part: LogPart, line: number): void {
    const side = record.type === "pending" ? record.side : record.type;
    if (record.type === "client" || (record.type === "pending" && record.side === "client")) {
      draftClient(clientDraft, record, this.store, part, line);
      this.keep(this.store.client, clientDraft, "client", part, line, record.type === "pending");
    } else {
      draftServer(serverDraft, record, this.store, part, line);
      this.keep(this.store.server, serverDraft, side, part, line, record.type === "pending");
    }
  }

  /** A draft becomes a record: a new one, or what a pending one has become. */
  private keep<V extends string, T extends string>(
    table: Table<V, T>,
    draft: Draft,
    side: Role,
    part: LogPart,
    line: number,
    pending: boolean,
  ): void {
    const request = draft[CLIENT_LAYOUT.at.req]!;
    const known = part.writer.pending.size > 0 ? part.writer.pending.get(request) : undefined;
    let record: number;
    if (known === undefined) {
      record = table.append(draft);
      if (pending) part.writer.pending.set(request, record);
      this.store.pairing.added(side, record);
    } else {
      record = known;
      table.replace(record, draft);
      if (!pending) part.writer.pending.delete(request);
      this.store.pairing.changed(side, record);
    }
    this.place(line, { side, record });
    let last = Number.NaN;
    for (let field = draft.length - table.layout.times.length; field < draft.length; field++)
      if (!(draft[field]! <= last) && !Number.isNaN(draft[field]!)) last = draft[field]!;
    // An object that waited for a connection begins when it was wanted.
    const fetched = side === "client" ? draft[CLIENT_LAYOUT.at.fetchStart]! : Number.NaN;
    const start = table.start(record);
    this.store.cover(part, fetched < start ? fetched : start, last);
  }
}
