/**
 * Pairs requests of two logs that have neither ids nor connections: by path, by the client's host as the server names
 * it, by order, and by time within what the clocks allow. All pairs of two logs have one offset between their clocks:
 * the offset at which most requests find a record is looked for first, and only what agrees with it is paired.
 * Where several records fit, nothing is paired, and the reason says so.
 */
import { RHO } from "../alignment/envelope";
import type { StampedClient, StampedServer } from "./stamped";
import { fileAnswers, pathOf } from "./target-file";

/** µs by which two clocks may differ that were set by hand. */
const MAX_OFFSET = 600e6;
/** A host is the client's where it explains so many times as many requests as any other. */
const CLEARLY = 2;

export interface OrderPairing {
  /** Client request → server request, by index; −1 where unpaired. */
  peers: Int32Array;
  /** Why a request is unpaired, in words. */
  clientReasons: Map<number, string>;
  serverReasons: Map<number, string>;
}

/** A record that can be a request's, and the offsets at which it is. */
interface Candidate {
  client: number;
  server: number;
  low: number;
  high: number;
}

export function pairByOrder(clients: readonly StampedClient[], servers: readonly StampedServer[]): OrderPairing {
  const peers = new Int32Array(clients.length).fill(-1);
  const clientReasons = new Map<number, string>();
  const serverReasons = new Map<number, string>();
  const all = candidates(clients, servers);
  const host = clientHost(all, servers);
  const own = host === null ? all : all.filter(({ server }) => servers[server]!.host === host);
  const agreed = agreeing(own, clients);

  for (const { of, pairs } of components(agreed)) {
    const resolved = inOrder(of, pairs, clients, servers);
    for (const client of of.clients) {
      const server = resolved?.get(client);
      if (server !== undefined) peers[client] = server;
      else
        clientReasons.set(
          client,
          `ambiguous: ${of.servers.length} records of the server fit ${many(of.clients.length)}`,
        );
    }
    if (!resolved)
      for (const server of of.servers)
        serverReasons.set(
          server,
          `ambiguous: ${of.clients.length} of the client's requests fit ${many(of.servers.length)}`,
        );
  }
  const paired = new Set(peers);
  for (const [client, request] of clients.entries())
    if (peers[client] === -1 && !clientReasons.has(client))
      clientReasons.set(
        client,
        request.note ??
          whyAlone(
            all.filter((one) => one.client === client),
            host,
            servers,
          ),
      );
  for (const [server, request] of servers.entries())
    if (!paired.has(server) && !serverReasons.has(server))
      serverReasons.set(
        server,
        host !== null && request.host !== undefined && request.host !== host
          ? `a request of another host, ${request.host}`
          : (request.note ?? "no request of the client fits its path and time"),
      );
  return { peers, clientReasons, serverReasons };
}

const many = (count: number): string => (count === 1 ? "this request" : `${count} requests alike`);

function whyAlone(own: readonly Candidate[], host: string | null, servers: readonly StampedServer[]): string {
  if (!own.length) return `no server record of its path within ${MAX_OFFSET / 60e6} minutes`;
  if (host !== null && own.every(({ server }) => servers[server]!.host !== host))
    return "the server's records of its path are other hosts'";
  return "no server record of its path agrees with the offset between the clocks";
}

/** Every record of the same path whose time allows it, with the offsets at which it is the request's. */
function candidates(clients: readonly StampedClient[], servers: readonly StampedServer[]): Candidate[] {
  const order = servers.map((_, index) => index).sort((a, b) => arrivalOf(servers[a]!) - arrivalOf(servers[b]!));
  const arrivals = order.map((index) => arrivalOf(servers[index]!));
  const found: Candidate[] = [];
  for (const [client, request] of clients.entries()) {
    if (request.note) continue;
    const { path, target } = targetOf(request.url);
    for (let i = firstFrom(arrivals, request.requestStart - MAX_OFFSET); i < order.length; i++) {
      if (arrivals[i]! > request.requestStart + MAX_OFFSET) break;
      const server = servers[order[i]!]!;
      const same = server.target === undefined ? fileAnswers(server.file ?? "", path) : server.target === target;
      if (!same) continue;
      const slack = request.grain + server.grain;
      const high = arrivals[i]! - request.requestStart + slack;
      // The historical server's "processing complete" comes after the response was written: parsing is the last mark
      // that is certainly before the response's first byte.
      const answered = server.parseEnd ?? server.parseStart;
      const seen = request.responseStart ?? request.responseEnd;
      const low = answered === undefined || seen === undefined ? -MAX_OFFSET : answered - seen - slack;
      if (low <= high) found.push({ client, server: order[i]!, low, high });
    }
  }
  return found;
}

const arrivalOf = ({ parseStart, parseEnd, processEnd }: StampedServer): number =>
  parseStart ?? parseEnd ?? processEnd ?? Number.NaN;

function targetOf(url: string): { path: string; target: string } {
  const target = url.replace(/^[a-z]+:\/\/[^/?#]*/i, "").replace(/#.*$/, "");
  const whole = target.startsWith("/") ? target : `/${target}`;
  return { path: pathOf(whole), target: whole };
}

function firstFrom(ascending: readonly number[], value: number): number {
  let low = 0;
  let high = ascending.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (ascending[middle]! < value) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The host that clearly is the client's; null where no host stands out, or none is named. */
function clientHost(all: readonly Candidate[], servers: readonly StampedServer[]): string | null {
  const byHost = new Map<string, Candidate[]>();
  for (const candidate of all) {
    const { host } = servers[candidate.server]!;
    if (host === undefined) return null;
    const known = byHost.get(host);
    if (known) known.push(candidate);
    else byHost.set(host, [candidate]);
  }
  const ranked = [...byHost].map(([host, own]) => ({ host, votes: vote(own).votes })).sort((a, b) => b.votes - a.votes);
  const [first, second] = ranked;
  return first && first.votes >= CLEARLY * (second?.votes ?? 0) ? first.host : null;
}

/** The span of offsets at which the most requests find a record. */
function vote(all: readonly Candidate[]): { votes: number; low: number; high: number } {
  const edges = all.flatMap((candidate) => [
    { at: candidate.low, open: true, client: candidate.client },
    { at: candidate.high, open: false, client: candidate.client },
  ]);
  edges.sort((a, b) => a.at - b.at || Number(b.open) - Number(a.open));
  const held = new Map<number, number>();
  let best = { votes: 0, low: 0, high: 0 };
  let isBest = false;
  for (const { at, open, client } of edges) {
    const count = held.get(client) ?? 0;
    if (open) {
      held.set(client, count + 1);
      if (held.size > best.votes) best = { votes: held.size, low: at, high: at };
      // As many again elsewhere: all that lies between is possible.
      isBest = held.size === best.votes;
    } else {
      if (isBest) best.high = at;
      if (count > 1) held.set(client, count - 1);
      else {
        held.delete(client);
        isBest = false;
      }
    }
  }
  return best;
}

/** The candidates that agree with the offset of most, as far as the clocks may have drifted since. */
function agreeing(all: readonly Candidate[], clients: readonly StampedClient[]): Candidate[] {
  const { low, high } = vote(all);
  const voters = all.filter((candidate) => candidate.low <= high && candidate.high >= low);
  const times = voters.map(({ client }) => clients[client]!.requestStart).sort((a, b) => a - b);
  return all.filter((candidate) => {
    const away = RHO * distance(times, clients[candidate.client]!.requestStart);
    return candidate.low <= high + away && candidate.high >= low - away;
  });
}

/** µs to the nearest of ascending times. */
function distance(ascending: readonly number[], time: number): number {
  const next = firstFrom(ascending, time);
  return Math.min(
    Math.abs((ascending[next] ?? Number.POSITIVE_INFINITY) - time),
    Math.abs(time - (ascending[next - 1] ?? Number.NEGATIVE_INFINITY)),
  );
}

interface Component {
  of: { clients: number[]; servers: number[] };
  pairs: Candidate[];
}

/** Requests and records that compete for each other. */
function components(all: readonly Candidate[]): Component[] {
  const parent = new Map<string, string>();
  const root = (node: string): string => {
    let at = node;
    while (parent.get(at) !== at) at = parent.get(at)!;
    return at;
  };
  for (const { client, server } of all) {
    for (const node of [`c${client}`, `s${server}`]) if (!parent.has(node)) parent.set(node, node);
    parent.set(root(`c${client}`), root(`s${server}`));
  }
  const byRoot = new Map<string, Candidate[]>();
  for (const candidate of all) {
    const key = root(`c${candidate.client}`);
    byRoot.set(key, [...(byRoot.get(key) ?? []), candidate]);
  }
  return [...byRoot.values()].map((pairs) => ({
    of: {
      clients: [...new Set(pairs.map(({ client }) => client))],
      servers: [...new Set(pairs.map(({ server }) => server))],
    },
    pairs,
  }));
}

/** As many requests as records, one after another on the client's side: the first belongs to the first. Else null. */
function inOrder(
  { clients: clientIndices, servers: serverIndices }: Component["of"],
  pairs: readonly Candidate[],
  clients: readonly StampedClient[],
  servers: readonly StampedServer[],
): Map<number, number> | null {
  if (clientIndices.length !== serverIndices.length) return null;
  const inTime = [...clientIndices].sort((a, b) => clients[a]!.requestStart - clients[b]!.requestStart);
  const arrived = [...serverIndices].sort((a, b) => arrivalOf(servers[a]!) - arrivalOf(servers[b]!));
  const found = new Map<number, number>();
  for (const [i, client] of inTime.entries()) {
    const next = inTime[i + 1];
    const ended = clients[client]!.responseEnd ?? Number.POSITIVE_INFINITY;
    if (next !== undefined && ended > clients[next]!.requestStart) return null;
    const server = arrived[i]!;
    if (!pairs.some((pair) => pair.client === client && pair.server === server)) return null;
    found.set(client, server);
  }
  return found;
}
