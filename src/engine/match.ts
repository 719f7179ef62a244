/**
 * Which of several client and server records under one key (an id, or a place on a connection) are one request. Every
 * record is looked at once or twice, however many there are: a port that a busy client uses again all the time, or a
 * client that sends one id with every request, has a great many under one key.
 */
import { STATES } from "./draft";
import { type LogPart, sameBoot } from "./log-part";
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
  if (clients.length === 0 || servers.length === 0) return [];
  const taken: Pair[] = [];
  const restOf = (all: readonly number[], side: keyof Pair) => {
    const gone = new Set(taken.map((pair) => pair[side]));
    return all.filter((record) => !gone.has(record));
  };
  // An id that was sent twice (a retry): the connection tells which attempt the server saw.
  if (how === "id" && (clients.length > 1 || servers.length > 1)) taken.push(...byPlace(store, clients, servers));
  const queue = inTime(restOf(clients, "client"), (client) => store.client.start(client));
  const timed = inTime(restOf(servers, "server"), (server) => store.server.time(server, "parseStart"));
  const countable = queue.length === timed.length;
  const clocks = new Map<LogPart, number[]>();
  const unclocked: { server: number; client: number | undefined }[] = [];
  const sent = (client: number) => store.client.time(client, "requestStart");
  const clientParts = new Set(
    queue.filter((client) => !Number.isNaN(sent(client))).map((client) => store.partOf("client", client)),
  );
  // Servers by the clock that they share with clients; without one the k-th is the k-th.
  for (const [position, server] of timed.entries()) {
    const part = store.partOf("server", server);
    const known = [...clocks.keys()].find((other) => sameClock(other, part));
    if (known) clocks.get(known)!.push(server);
    else if ([...clientParts].some((other) => sameBoot(part, other))) clocks.set(part, [server]);
    else if (countable) unclocked.push({ server, client: queue[position] });
  }
  for (const [clock, own] of clocks) {
    const onClock = queue.filter(
      (client) => !Number.isNaN(sent(client)) && sameBoot(clock, store.partOf("client", client)),
    );
    taken.push(...byTime(store, how, clock, onClock, own));
  }
  const gone = new Set(taken.map(({ client }) => client));
  for (const { server, client } of unclocked)
    if (client !== undefined && !gone.has(client) && mayBeOne(store, how, client, server))
      taken.push({ client, server });
  return taken;
}

const sameClock = (a: LogPart, b: LogPart): boolean => a === b || sameBoot(a, b);

const inTime = (records: readonly number[], at: (record: number) => number): number[] =>
  records
    .map((record) => ({ record, at: at(record) }))
    .sort((a, b) => a.at - b.at || a.record - b.record)
    .map(({ record }) => record);

/** Two records with different ids are two requests, though they share a place. */
const mayBeOne = (store: Store, how: "id" | "connection", client: number, server: number): boolean =>
  how === "id" || Number.isNaN(store.client.value(client, "id")) || Number.isNaN(store.server.value(server, "id"));

function byPlace(store: Store, clients: readonly number[], servers: readonly number[]): Pair[] {
  const places = new Map<string, number[]>();
  // The first of a place is handed out first.
  for (const server of servers.toReversed()) {
    const place = placeOf(store, "server", server);
    const there = place === null ? undefined : places.get(place);
    if (there) there.push(server);
    else if (place !== null) places.set(place, [server]);
  }
  return clients.flatMap((client) => {
    const place = placeOf(store, "client", client);
    const server = place === null ? undefined : places.get(place)?.pop();
    return server === undefined ? [] : [{ client, server }];
  });
}

function placeOf(store: Store, side: keyof Pair, record: number): string | null {
  const [conn, ord] = [store[side].value(record, "conn"), store[side].value(record, "ord")];
  return Number.isNaN(conn) || Number.isNaN(ord) ? null : `${conn} ${ord}`;
}

/** A request on its way. */
interface Sent {
  client: number;
  at: number;
  /** After it no server can begin with it. */
  until: number;
}

/** On one clock: a server's record is of the latest request that was sent before the server saw it, and had not ended. */
function byTime(
  store: Store,
  how: "id" | "connection",
  clock: LogPart,
  clients: readonly number[],
  servers: readonly number[],
): Pair[] {
  const offset = offsets(clock);
  const isNamed = (side: keyof Pair, record: number) =>
    how === "connection" && !Number.isNaN(store[side].value(record, "id"));
  const waiting = clients
    .map((client): Sent => {
      const ahead = offset(store.partOf("client", client));
      const at = store.client.time(client, "requestStart") - ahead;
      return { client, at, until: lastSight(store, how, client) - ahead };
    })
    .sort((a, b) => b.at - a.at || b.client - a.client);
  const seen = servers
    .map((server) => ({
      server,
      at: store.server.time(server, "parseStart") - offset(store.partOf("server", server)),
    }))
    .sort((a, b) => a.at - b.at || a.server - b.server);
  // Sent and not answered yet, the latest last: those with an id apart from those without.
  const open: Record<"named" | "nameless", Sent[]> = { named: [], nameless: [] };
  const pairs: Pair[] = [];
  for (const { server, at } of seen) {
    while (waiting.length > 0 && waiting.at(-1)!.at - ROUNDING <= at) {
      const next = waiting.pop()!;
      open[isNamed("client", next.client) ? "named" : "nameless"].push(next);
    }
    for (const stack of [open.named, open.nameless])
      while (stack.length > 0 && at > stack.at(-1)!.until + ROUNDING) stack.pop();
    const [named, nameless] = [isNamed("server", server) ? undefined : open.named.at(-1), open.nameless.at(-1)];
    const latest = named && !(nameless && nameless.at >= named.at) ? named : nameless;
    if (!latest) continue;
    pairs.push({ client: latest.client, server });
    (latest === named ? open.named : open.nameless).pop();
  }
  return pairs;
}

/** What to subtract from the stamps of a log on the same clock as another, µs. */
function offsets(clock: LogPart): (part: LogPart) => number {
  const known = new Map<LogPart, number>();
  return (part) => {
    const held = known.get(part);
    if (held !== undefined) return held;
    const offset = part === clock ? 0 : (offsetOfBoot(part, clock) ?? 0);
    known.set(part, offset);
    return offset;
  };
}

/**
 * When a server can have begun with a request at the latest, µs on the client's clock; NaN: at any time. A server may
 * read a request after its client gave up; but without an id, what it reads after the close is as likely the first
 * request of the port's next connection, whose client's record was lost.
 */
function lastSight(store: Store, how: "id" | "connection", client: number): number {
  const complete = STATES[store.client.value(client, "state")] === "complete";
  if (!complete && how === "id") return Number.NaN;
  return store.client.time(client, complete ? "responseEnd" : "closed");
}
