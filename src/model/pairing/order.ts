/**
 * Pairs requests of two logs that have neither ids nor connections: by path, by the client's host as the server names
 * it, by order, and by time within what the clocks allow. All pairs of two logs have one offset between their clocks:
 * the offset at which most requests find a record is looked for first, and only what agrees with it is paired.
 * Where several records fit, nothing is paired, and the reason says so.
 */
import { Envelope } from "../alignment/envelope";
import { grouped } from "../grouped";
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
  const ofClient = grouped(all, ({ client }) => client);
  for (const [client, request] of clients.entries())
    if (peers[client] === -1 && !clientReasons.has(client))
      clientReasons.set(client, request.note ?? whyAlone(ofClient.get(client) ?? [], host, servers));
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
  const byName = new ByName(servers);
  const found: Candidate[] = [];
  for (const [client, request] of clients.entries()) {
    if (request.note) continue;
    const { path, target } = targetOf(request.url);
    for (const { order, arrivals } of byName.of(path)) {
      for (let i = firstFrom(arrivals, request.requestStart - MAX_OFFSET); i < order.length; i++) {
        if (arrivals[i]! > request.requestStart + MAX_OFFSET) break;
        const server = servers[order[i]!]!;
        const same = server.target === undefined ? fileAnswers(server.file ?? "", path) : server.target === target;
        if (!same || differ(request.method, server.method) || differ(request.status, server.status)) continue;
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
  }
  return found;
}

/** Where only one says it, they may be the same. */
const differ = <T>(a: T | undefined, b: T | undefined): boolean => a !== undefined && b !== undefined && a !== b;

interface Arrivals {
  order: number[];
  arrivals: number[];
}

/** The server's records by the last segment of their path, in order of arrival: only those can be a request's. */
class ByName {
  private readonly names = new Map<string, Arrivals>();

  constructor(servers: readonly StampedServer[]) {
    const order = servers.map((_, index) => index).sort((a, b) => arrivalOf(servers[a]!) - arrivalOf(servers[b]!));
    const keyed = grouped(order, (index) => {
      const { target, file = "" } = servers[index]!;
      return target === undefined ? `file ${nameOf(file)}` : `path ${nameOf(pathOf(target))}`;
    });
    for (const [key, own] of keyed)
      this.names.set(key, { order: own, arrivals: own.map((index) => arrivalOf(servers[index]!)) });
  }

  of(path: string): Arrivals[] {
    // Of a user's folder alone a server names a file that ends in a slash.
    const file = /^\/~[^/]*$/.test(path) ? "" : nameOf(path);
    return [this.names.get(`file ${file}`), this.names.get(`path ${nameOf(path)}`)].filter((own) => own !== undefined);
  }
}

const nameOf = (path: string): string => path.slice(path.lastIndexOf("/") + 1);

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
  const byHost = grouped(all, ({ server }) => servers[server]!.host);
  if (byHost.has(undefined)) return null;
  const ranked = [...byHost].map(([host, own]) => ({ host, votes: vote(own).votes })).sort((a, b) => b.votes - a.votes);
  const [first, second] = ranked;
  return first && first.votes >= CLEARLY * (second?.votes ?? 0) ? first.host! : null;
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

/**
 * The candidates that agree with the offset of most: those of the vote that are the only ones of their request and
 * record bound the offset at every other moment too, as far as clocks drift.
 */
function agreeing(all: readonly Candidate[], clients: readonly StampedClient[]): Candidate[] {
  const { low, high } = vote(all);
  const voters = all.filter((candidate) => candidate.low <= high && candidate.high >= low);
  const ofClient = grouped(voters, ({ client }) => client);
  const ofServer = grouped(voters, ({ server }) => server);
  const lower = new Envelope();
  const upper = new Envelope();
  const time = ({ client }: Candidate): number => clients[client]!.requestStart;
  for (const candidate of voters)
    if (ofClient.get(candidate.client)!.length === 1 && ofServer.get(candidate.server)!.length === 1) {
      lower.insert(time(candidate), candidate.low);
      upper.insert(time(candidate), -candidate.high);
    }
  return all.filter((candidate) => {
    const at = time(candidate);
    return candidate.high >= lower.at(at) && candidate.low <= -upper.at(at);
  });
}

interface Component {
  of: { clients: number[]; servers: number[] };
  pairs: Candidate[];
}

/** Requests and records that compete for each other. */
function components(all: readonly Candidate[]): Component[] {
  const byClient = grouped(all, ({ client }) => client);
  const byServer = grouped(all, ({ server }) => server);
  const seen = new Set<Candidate>();
  const found: Component[] = [];
  for (const first of all) {
    if (seen.has(first)) continue;
    seen.add(first);
    const pairs = [first];
    // The list grows while it is walked.
    for (const { client, server } of pairs)
      for (const next of [...byClient.get(client)!, ...byServer.get(server)!])
        if (!seen.has(next)) {
          seen.add(next);
          pairs.push(next);
        }
    const clients = [...new Set(pairs.map(({ client }) => client))];
    const servers = [...new Set(pairs.map(({ server }) => server))];
    found.push({ of: { clients, servers }, pairs });
  }
  return found;
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
