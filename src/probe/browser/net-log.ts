/**
 * Chromium's net log, as far as it tells which connection a request went out on: the protocol's `connectionId` is a
 * socket's source id, the end of the socket's TCP_CONNECT has its addresses, and each request that is sent is bound to
 * a job, which is bound to a socket. So a request is paired with its server's record without any header; and a request
 * that the protocol does not tell of (a worker's script) still counts on its connection.
 */
import { type FileHandle, open } from "node:fs/promises";
import { setTimeout as delay } from "node:timers/promises";

/** The file is written by another thread: an event may come a little after the answer that it belongs to. */
const WAIT_MS = 1_000;
const LOOK_EVERY_MS = 20;
const CHUNK_BYTES = 256 * 1024;

export interface BrowserConnection {
  local: string;
  remote: string;
  /** `METHOD target` of each request, in the order in which they were sent. */
  sent: string[];
}

const EVENTS = {
  connect: "TCP_CONNECT",
  boundToJob: "HTTP_STREAM_REQUEST_BOUND_TO_JOB",
  boundToSocket: "SOCKET_POOL_BOUND_TO_SOCKET",
  send: "HTTP_TRANSACTION_SEND_REQUEST_HEADERS",
} as const;

interface NetEvent {
  params?: { local_address?: string; remote_address?: string; line?: string; source_dependency?: { id: number } };
  source: { id: number };
}

export class NetLog {
  private readonly connections = new Map<number, BrowserConnection>();
  private readonly jobs = new Map<number, number>();
  private readonly sockets = new Map<number, number>();
  /** The log's numbers of the events, by the end of their lines. */
  private kinds: Map<string, keyof typeof EVENTS> | null = null;
  private handle: FileHandle | null = null;
  private offset = 0;
  private rest = "";

  constructor(private readonly file: string) {}

  /** What is known of connections that so many requests (or more) were sent on, as far as the log tells it in time. */
  async connectionsOf(requests: ReadonlyMap<number, number>): Promise<ReadonlyMap<number, BrowserConnection>> {
    const isMissing = () => [...requests].some(([id, count]) => (this.connections.get(id)?.sent.length ?? 0) < count);
    for (const deadline = Date.now() + WAIT_MS; ; await delay(LOOK_EVERY_MS)) {
      await this.read();
      if (!isMissing() || Date.now() > deadline) return this.connections;
    }
  }

  async close(): Promise<void> {
    await this.handle?.close();
    this.handle = null;
  }

  private async read(): Promise<void> {
    try {
      this.handle ??= await open(this.file, "r");
      const chunk = Buffer.alloc(CHUNK_BYTES);
      for (;;) {
        const { bytesRead } = await this.handle.read(chunk, 0, chunk.length, this.offset);
        if (bytesRead === 0) return;
        this.offset += bytesRead;
        // What we look for is ASCII: how other text decodes does not matter.
        const lines = (this.rest + chunk.toString("latin1", 0, bytesRead)).split("\n");
        this.rest = lines.pop() ?? "";
        for (const line of lines) this.readLine(line);
      }
    } catch {
      // Not there yet.
    }
  }

  private readLine(line: string): void {
    if (!this.kinds) {
      const numbers = Object.entries(EVENTS).map(([kind, name]) => [
        new RegExp(`"${name}":(\\d+)`).exec(line)?.[1],
        kind,
      ]);
      if (numbers.every(([number]) => number !== undefined))
        this.kinds = new Map(numbers.map(([number, kind]) => [`"type":${number}},`, kind as keyof typeof EVENTS]));
      return;
    }
    const kind = this.kinds.get(line.slice(line.lastIndexOf('"type":')).trimEnd());
    if (kind === undefined) return;
    try {
      this.handleEvent(kind, JSON.parse(line.replace(/,\s*$/, "")));
    } catch {
      // Not an event as we know it.
    }
  }

  private handleEvent(kind: keyof typeof EVENTS, { params, source }: NetEvent): void {
    const dependency = params?.source_dependency?.id;
    if (kind === "connect") {
      const { local_address: local, remote_address: remote } = params ?? {};
      if (local && remote) this.connections.set(source.id, { local, remote, sent: [] });
    } else if (kind === "boundToJob" && dependency !== undefined) this.jobs.set(source.id, dependency);
    else if (kind === "boundToSocket" && dependency !== undefined) this.sockets.set(source.id, dependency);
    else if (kind === "send") {
      const job = this.jobs.get(source.id);
      const socket = job === undefined ? undefined : this.sockets.get(job);
      const line = /^(\S+ \S+) HTTP\//.exec(params?.line ?? "")?.[1];
      if (line !== undefined && socket !== undefined) this.connections.get(socket)?.sent.push(line);
      this.jobs.delete(source.id);
      if (job !== undefined) this.sockets.delete(job);
    }
  }
}
