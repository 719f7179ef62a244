/** A store as plain data: every column of every record, texts resolved, so that two stores can be compared. */
import type { Store } from "../../../src/engine/store";

const POOLS: Record<string, "names" | "texts" | "ids"> = {
  id: "ids",
  conn: "texts",
  target: "texts",
  error: "texts",
  initiator: "texts",
  protocol: "names",
  method: "names",
  host: "names",
  route: "names",
  origin: "names",
  cache: "names",
};

export function dump(store: Store) {
  const side = (name: "client" | "server") => {
    const table = store[name];
    return Array.from({ length: table.length }, (_, record) => {
      const fields: Record<string, unknown> = {};
      for (const key of Object.keys(table.layout.values)) {
        const value = table.value(record, key as "log");
        const pool = POOLS[key];
        if (Number.isNaN(value)) continue;
        if (key === "firstChild") {
          const count = table.value(record, "childCount" as "log");
          fields.children = Array.from({ length: count }, (_, child) => store.children.child(value + child));
        } else if (key === "handler" || key === "responder") fields[key] = store.sources.location(value);
        else fields[key] = pool ? store.strings[pool].text(value) : value;
      }
      for (const key of table.layout.times) {
        const stamp = table.time(record, key as never);
        if (!Number.isNaN(stamp)) fields[key] = stamp;
      }
      return fields;
    });
  };
  const rows = Array.from({ length: store.rows.length }, (_, row) => [
    store.rows.client(row),
    store.rows.server(row),
    store.rows.pairing(row),
  ]);
  return {
    client: side("client"),
    server: side("server"),
    rows,
    problems: store.problems.list(),
    parts: store.parts.map(({ label, role, first, last, writer }) => ({ label, role, first, last, writer })),
    clocks: store.clocks.list(),
    events: store.events,
    listens: store.listens,
  };
}
