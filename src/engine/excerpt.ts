/**
 * Some rows of a session as a store of their own, for a report: with all that they refer to, and nothing else. Files have
 * their names alone and writers no working folder: what is passed on does not tell where on a disk it was recorded.
 */
import type { Role } from "../model/record";
import type { Draft } from "./fields";
import { LogPart, WriterState } from "./log-part";
import { Store } from "./store";
import type { Table } from "./table";

/** Which of a record's numbers name a text, and of which pool. */
const POOLS: Readonly<Record<string, "names" | "texts" | "ids">> = {
  protocol: "names",
  method: "names",
  origin: "names",
  cache: "names",
  host: "names",
  route: "names",
  conn: "texts",
  error: "texts",
  target: "texts",
  id: "ids",
};

/** `rows`: none of them empty, in the order that they are to have. */
export function excerpt(from: Store, rows: Iterable<number>): Store {
  const to = new Store();
  to.base = from.base;
  to.sources.restore(from.sources.list());
  copyParts(from, to);
  const client = copier(from, to, "client", from.client, to.client);
  const server = copier(from, to, "server", from.server, to.server);
  for (const row of rows) {
    const how = from.rows.pairing(row);
    const [clientRecord, serverRecord] = [client(from.rows.client(row)), server(from.rows.server(row))];
    if (!Number.isNaN(clientRecord)) to.rows.add("client", clientRecord);
    if (Number.isNaN(serverRecord)) continue;
    if (how === "none") to.rows.add("server", serverRecord);
    else to.rows.join(clientRecord, serverRecord, how);
  }
  to.problems.restore(from.problems.total, from.problems.list());
  to.events.push(...from.events);
  to.clocks.invalidate();
  return to;
}

function copyParts(from: Store, to: Store): void {
  const files = new Map(from.files.map((file) => [file, to.addFile(file.name, file.name)]));
  const writers = new Map<WriterState, WriterState>();
  for (const part of from.parts) {
    const { number, label, role, grain, first, last, writer } = part;
    if (!writers.has(writer)) {
      const { sequence, ended, cost } = writer;
      writers.set(writer, Object.assign(new WriterState(), { sequence, ended, cost }));
    }
    const header = part.header && { ...part.header, cwd: "" };
    const copy = new LogPart(number, files.get(part.file)!, header, label, writers.get(writer)!, to.sources);
    to.parts.push(Object.assign(copy, { role, grain, first, last }));
  }
}

/** Copies a record; gives its number there, NaN for NaN. */
function copier<V extends string, T extends string>(
  from: Store,
  to: Store,
  side: Role,
  source: Table<V, T>,
  target: Table<V, T>,
): (record: number) => number {
  const { layout } = source;
  const fields = (Object.keys(layout.values) as V[]).map((name) => {
    const pool = POOLS[name];
    const texts = pool && { from: from.strings[pool], to: to.strings[pool] };
    return { name, at: layout.at[name], texts };
  });
  const draft: Draft = new Float64Array(layout.length);
  return (record) => {
    if (Number.isNaN(record)) return record;
    for (const { name, at, texts } of fields) {
      const value = source.value(record, name);
      draft[at] = texts && !Number.isNaN(value) ? texts.to.add(texts.from.text(value)) : value;
    }
    for (const name of layout.times) draft[layout.at[name]] = source.time(record, name);
    if (side === "server") copyChildren(from, to, draft, layout.at);
    const copy = target.append(draft);
    const why = from.unpaired[side].get(record);
    if (why !== undefined) to.unpaired[side].set(copy, why);
    return copy;
  };
}

function copyChildren(from: Store, to: Store, draft: Draft, at: Readonly<Record<string, number>>): void {
  const [first, count] = [draft[at.firstChild!]!, draft[at.childCount!]!];
  if (!Number.isNaN(first)) draft[at.firstChild!] = to.children.copy(from.children, first, count);
}
