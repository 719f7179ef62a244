/** A whole store, packed and unpacked. Historical logs of single marks are not: they are small, and joined as a whole. */
import type { CostRecord, EndRecord, EventRecord, HeaderRecord, ListenRecord, Problem, Role } from "../model/record";
import type { SourceLocation } from "../model/request";
import type { PackedChildren } from "./children";
import type { PackedClockPair } from "./clock-pair";
import type { PackedIds } from "./ids";
import type { PackedInterner } from "./interner";
import type { PackedFile } from "./log-file";
import { LogPart, WriterState } from "./log-part";
import type { Packer, Unpacker } from "./packing";
import type { PackedPairing } from "./pairing";
import type { PackedRows } from "./rows";
import type { PackedSpine } from "./spine";
import type { Store } from "./store";
import type { PackedTable } from "./table";

interface PackedPart {
  file: number;
  header: HeaderRecord | null;
  label: string;
  role: Role | null;
  grain: number;
  first: number | null;
  last: number | null;
  writer: number;
}

interface PackedWriter {
  sequence: number;
  ended: EndRecord | null;
  cost: CostRecord | null;
  pending: [number, number][];
  sources: [number, number][];
}

export interface PackedStore {
  base: number | null;
  names: PackedInterner;
  texts: PackedInterner;
  ids: PackedIds;
  sources: readonly SourceLocation[];
  children: PackedChildren;
  client: PackedTable;
  server: PackedTable;
  rows: PackedRows;
  pairing: PackedPairing;
  clocks: PackedClockPair[] | null;
  spine: PackedSpine;
  files: PackedFile[];
  parts: PackedPart[];
  writers: PackedWriter[];
  problems: { total: number; kept: Problem[] };
  events: EventRecord[];
  listens: ListenRecord[];
}

export function packStore(store: Store, out: Packer): PackedStore {
  const { strings, client, server, parts, problems } = store;
  const writers = [...new Set(parts.map((part) => part.writer))];
  return {
    base: Number.isNaN(store.base) ? null : store.base,
    names: strings.names.pack(out),
    texts: strings.texts.pack(out),
    ids: strings.ids.pack(out),
    sources: store.sources.list(),
    children: store.children.pack(out),
    client: client.pack(out),
    server: server.pack(out),
    rows: store.rows.pack(out, client.length, server.length),
    pairing: store.pairing.pack(out),
    clocks: store.clocks.pack(),
    spine: store.spine.pack(out),
    files: store.files.map((file) => file.pack(out)),
    parts: parts.map(({ file, header, label, role, grain, first, last, writer }) => ({
      ...{ file: store.files.indexOf(file), header, label, role, grain },
      ...(first <= last ? { first, last } : { first: null, last: null }),
      writer: writers.indexOf(writer),
    })),
    writers: writers.map(({ sequence, ended, cost, pending, sources }) => ({
      ...{ sequence, ended, cost, pending: [...pending], sources: [...sources] },
    })),
    problems: { total: problems.total, kept: problems.list() },
    events: store.events,
    listens: store.listens,
  };
}

/** Into an empty store. Clocks that are not one are learnt again from its pairs. */
export function unpackStore(store: Store, packed: PackedStore, from: Unpacker): void {
  store.base = packed.base ?? Number.NaN;
  store.strings.names.unpack(packed.names, from);
  store.strings.texts.unpack(packed.texts, from);
  store.strings.ids.unpack(packed.ids, from);
  store.sources.restore(packed.sources);
  store.children.unpack(packed.children, from);
  store.client.unpack(packed.client, from);
  store.server.unpack(packed.server, from);
  store.rows.unpack(packed.rows, from);
  store.pairing.unpack(packed.pairing, from);
  const writers = packed.writers.map(({ sequence, ended, cost, pending, sources }) => {
    const writer = new WriterState();
    Object.assign(writer, { sequence, ended, cost });
    for (const [request, record] of pending) writer.pending.set(request, record);
    for (const [id, number] of sources) writer.sources.set(id, number);
    return writer;
  });
  const files = packed.files.map(({ path, name }) => store.addFile(path, name));
  packed.parts.forEach(({ file, header, label, role, grain, first, last, writer }, number) => {
    const part = new LogPart(number, files[file]!, header, label, writers[writer]!, store.sources);
    Object.assign(part, { role, grain, ...(first !== null && last !== null && { first, last }) });
    store.parts.push(part);
  });
  packed.files.forEach((file, index) => {
    files[index]!.unpack(file, file.part === null ? null : store.parts[file.part]!, from);
  });
  store.problems.restore(packed.problems.total, packed.problems.kept);
  for (const event of packed.events) store.events.push(event);
  for (const listen of packed.listens) store.listens.push(listen);
  store.clocks.unpack(packed.clocks);
  store.spine.unpack(packed.spine, from);
}
