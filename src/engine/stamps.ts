/** The single marks of historical logs become records and rows, once all logs are read: any file may hold the next mark. */
import { joinClientStamps } from "../model/pairing/client-stamps";
import { pairByOrder } from "../model/pairing/order";
import { joinServerStamps } from "../model/pairing/server-stamps";
import type { Orphan, StampedClient, StampedServer } from "../model/pairing/stamped";
import type { Role } from "../model/record";
import { draftClient, draftServer } from "./draft";
import { CLIENT_LAYOUT, type Draft, SERVER_LAYOUT } from "./fields";
import type { LogPart } from "./log-part";
import type { PlacedStamp, Store } from "./store";

/** Joins what has come since the last call. A browser's log is joined by itself, the server's logs all together. */
export function joinStamps(store: Store): void {
  const stamps = store.stamps.splice(0);
  if (!stamps.length) return;
  const servers = joinServerStamps(stampsOf(stamps, "server").map(({ stamp }) => stamp));
  const serverRecords = new Recorder(store, "server", stampsOf(stamps, "server"));
  const clients: StampedClient[] = [];
  const clientIds: number[] = [];
  for (const file of new Set(stampsOf(stamps, "client").map((placed) => placed.file))) {
    const own = stampsOf(stamps, "client").filter((placed) => placed.file === file);
    const joined = joinClientStamps(own.map(({ stamp }) => stamp));
    const records = new Recorder(store, "client", own);
    for (const request of joined.requests) {
      clients.push(request);
      clientIds.push(records.client(request));
    }
    records.report(joined.orphans);
  }
  const serverIds = servers.requests.map((request) => serverRecords.server(request));
  serverRecords.report(servers.orphans);

  const { peers, clientReasons, serverReasons } = pairByOrder(clients, servers.requests);
  for (const id of clientIds) store.rows.add("client", id);
  for (const id of serverIds) store.rows.add("server", id);
  for (const [client, server] of peers.entries())
    if (server >= 0) {
      store.rows.join(clientIds[client]!, serverIds[server]!, "order");
      store.clocks.paired(clientIds[client]!, serverIds[server]!);
    }
  // Where there is no other side there is nothing to explain.
  if (serverIds.length)
    for (const [client, reason] of clientReasons) store.unpaired.client.set(clientIds[client]!, reason);
  if (clientIds.length)
    for (const [server, reason] of serverReasons) store.unpaired.server.set(serverIds[server]!, reason);
}

const stampsOf = (stamps: readonly PlacedStamp[], role: Role): PlacedStamp[] =>
  stamps.filter(({ stamp }) => stamp.role === role);

class Recorder {
  constructor(
    private readonly store: Store,
    private readonly side: Role,
    private readonly stamps: readonly PlacedStamp[],
  ) {}

  client(request: StampedClient): number {
    const { part, line } = this.place(request);
    const state = request.responseEnd === undefined ? "pending" : "complete";
    const draft: Draft = new Float64Array(CLIENT_LAYOUT.length);
    const { url, requestStart, responseStart, responseEnd } = request;
    const record = {
      type: "client",
      seq: 0,
      req: 0,
      method: "",
      url,
      requestStart,
      responseStart,
      responseEnd,
    } as const;
    draftClient(draft, { ...record, ...stateOf(state), ...noteOf(request) }, this.store, part, line);
    draft[CLIENT_LAYOUT.at.method] = Number.NaN;
    return this.keep(this.store.client.append(draft), request, part, requestStart, responseEnd ?? responseStart);
  }

  server(request: StampedServer): number {
    const { part, line } = this.place(request);
    const { parseStart = Number.NaN, parseEnd, processEnd, sendEnd, method = "", target, file } = request;
    const state = sendEnd === undefined && parseEnd !== undefined ? "pending" : "complete";
    const draft: Draft = new Float64Array(SERVER_LAYOUT.length);
    draftServer(
      draft,
      {
        ...{ type: "server", seq: 0, req: 0, method, target: target ?? file ?? "" },
        ...{ parseStart, parseEnd, processEnd, sendEnd },
        ...stateOf(state),
        ...noteOf(request),
      } as const,
      this.store,
      part,
      line,
    );
    if (method === "") draft[SERVER_LAYOUT.at.method] = Number.NaN;
    if (file !== undefined)
      draft[SERVER_LAYOUT.at.handler] = this.store.sources.add({ type: "source", seq: 0, id: 0, file, confidence: 1 });
    const known = [parseStart, parseEnd, processEnd, sendEnd].filter(
      (time) => time !== undefined && !Number.isNaN(time),
    );
    return this.keep(this.store.server.append(draft), request, part, known[0], known.at(-1));
  }

  report(orphans: readonly Orphan[]): void {
    for (const { stamp, reason } of orphans) {
      const { file, line } = this.stamps[stamp]!;
      file.problem(line, reason);
    }
  }

  /** Where a request's record stands: at its first stamp. */
  private place({ stamps, grain }: { stamps: readonly number[]; grain: number }): { part: LogPart; line: number } {
    const { file, line } = this.stamps[stamps[0]!]!;
    const part = file.whole();
    part.role = this.side;
    part.grain = Math.max(part.grain, grain);
    return { part, line };
  }

  /** All lines of a request lead to its record. */
  private keep(
    record: number,
    { stamps }: { stamps: readonly number[] },
    part: LogPart,
    from = Number.NaN,
    to = from,
  ): number {
    for (const stamp of stamps) {
      const { file, line } = this.stamps[stamp]!;
      file.place(line, { side: this.side, record });
    }
    this.store.cover(part, from, to);
    return record;
  }
}

const stateOf = (state: "complete" | "pending") => (state === "pending" ? ({ state: "pending" } as const) : {});
const noteOf = ({ note }: { note?: string }) => (note === undefined ? {} : { error: note });
