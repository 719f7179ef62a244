/** Which of several client and server records under one key (an id, or a place on a connection) are one request. */
import { STATES } from "./draft";
import { offsetOfBoot } from "./same-boot";
import type { Store } from "./store";

export interface Pair {
  client: number;
  server: number;
}

/** Stamps are rounded to 1 µs on either side. */
const ROUNDING = 2;

export function matchRecords(
  store: Store,
  how: "id" | "connection",
  clients: readonly number[],
  servers: readonly number[],
): Pair[] {
  const pairs: Pair[] = [];
  let restClients = [...clients];
  let restServers = [...servers];
  const take = (client: number, server: number): void => {
    pairs.push({ client, server });
    restClients = restClients.filter((other) => other !== client);
    restServers = restServers.filter((other) => other !== server);
  };
  // An id that was sent twice (a retry): the connection tells which attempt the server saw.
  if (how === "id" && (clients.length > 1 || servers.length > 1))
    for (const client of clients) {
      const server = restServers.find((candidate) => samePlace(store, client, candidate));
      if (server !== undefined) take(client, server);
    }
  const countable = restClients.length === restServers.length;
  const byStart = (a: number, b: number) => a - b;
  const timed = restServers
    .map((server) => ({ server, at: store.server.time(server, "parseStart") }))
    .sort((a, b) => byStart(a.at, b.at) || a.server - b.server);
  const queue = restClients
    .map((client) => ({ client, at: store.client.start(client) }))
    .sort((a, b) => byStart(a.at, b.at) || a.client - b.client);
  timed.forEach(({ server }, position) => {
    const possible = queue.filter(
      ({ client }) => restClients.includes(client) && (how === "id" || !bothNamed(store, client, server)),
    );
    // With a common clock the latest request that was sent before the server saw it; else the k-th is the k-th.
    const known = possible.map(({ client }) => ({ client, fits: timesFit(store, how, client, server) }));
    const choice = known.some(({ fits }) => fits !== null)
      ? known.findLast(({ fits }) => fits === true)
      : countable
        ? known.find(({ client }) => client === queue[position]?.client)
        : undefined;
    if (choice) take(choice.client, server);
  });
  return pairs;
}

const bothNamed = (store: Store, client: number, server: number): boolean =>
  !Number.isNaN(store.client.value(client, "id")) && !Number.isNaN(store.server.value(server, "id"));

const samePlace = (store: Store, client: number, server: number): boolean =>
  store.client.value(client, "conn") === store.server.value(server, "conn") &&
  store.client.value(client, "ord") === store.server.value(server, "ord");

/** Whether the server can have seen this request at that time; null where their clocks are not the same. */
function timesFit(store: Store, how: "id" | "connection", client: number, server: number): boolean | null {
  const offset = offsetOfBoot(store.partOf("server", server), store.partOf("client", client));
  const sent = store.client.time(client, "requestStart");
  if (offset === null || Number.isNaN(sent)) return null;
  const seen = store.server.time(server, "parseStart") - offset;
  if (seen < sent - ROUNDING) return false;
  const complete = STATES[store.client.value(client, "state")] === "complete";
  // A server may read a request after its client gave up; but without an id, what it reads after the close is as
  // likely the first request of the port's next connection, whose client's record was lost.
  if (!complete && how === "id") return true;
  return !(seen > store.client.time(client, complete ? "responseEnd" : "closed") + ROUNDING);
}
