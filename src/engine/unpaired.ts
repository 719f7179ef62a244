/** Why a request has no peer, in words; null where it has one or none is expected. */
import { STATES } from "./draft";
import type { Store } from "./store";

export function unpairedReason(store: Store, row: number): string | null {
  const client = store.rows.client(row);
  const server = store.rows.server(row);
  if (!Number.isNaN(client)) return Number.isNaN(server) ? clientAlone(store, client) : null;
  return serverAlone(store, server);
}

const BETWEEN =
  "no connection is in both logs: a proxy between client and server opens its own, and only an id passes through it";

const hasPairs = (store: Store): boolean => store.parts.some((part) => store.clocks.mainClient(part) !== null);

function clientAlone(store: Store, client: number): string | null {
  const reason = store.unpaired.client.get(client);
  if (reason !== undefined) return reason;
  if (!Number.isNaN(store.client.value(client, "cache"))) return null;
  if (store.server.length === 0) return "no server log in this session";
  if (Number.isNaN(store.client.time(client, "requestStart"))) return "it was never sent";
  const state = STATES[store.client.value(client, "state")];
  if (state === "failed" || state === "aborted") return "it ended before a server recorded it";
  if (!store.parts.some((part) => part.role === "server" && part.writer.ended))
    return "the server's log ends without it";
  if (Number.isNaN(store.client.value(client, "id")) && Number.isNaN(store.client.value(client, "ord")))
    return "the client's record has neither an id nor a connection";
  if (Number.isNaN(store.client.value(client, "id")) && !hasPairs(store)) return BETWEEN;
  return "no server record has its id or its place on the connection";
}

function serverAlone(store: Store, server: number): string | null {
  if (store.client.length === 0) return null;
  const reason = store.unpaired.server.get(server);
  if (reason !== undefined) return reason;
  if (!Number.isNaN(store.server.value(server, "id"))) return "no client record has its id: not the probe's request";
  // An access log knows the client's address, and no place on a connection.
  if (Number.isNaN(store.server.value(server, "ord"))) return "the server's record has neither an id nor a connection";
  return hasPairs(store) ? "no client record has its place on the connection: not the probe's request" : BETWEEN;
}
