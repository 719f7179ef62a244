/**
 * Chromium's net log by way of its tracing, which has microseconds where the log's file has whole milliseconds: on which
 * connection each request went out, and when its answer's last byte was read from that. The protocol tells the page of an
 * answer's end only when the page has got round to it.
 */
import type { DevTools } from "./devtools";
import { encode, traceEvents } from "./perfetto";

export interface BrowserConnection {
  local: string;
  remote: string;
  /** In the order in which they were sent. */
  sent: SentRequest[];
}

export interface SentRequest {
  /** `METHOD target`. */
  line: string;
  /** When the latest bytes of the answer were read, µs, monotonic; 0 where none were. */
  received: number;
}

/** By the protocol's `connectionId`, which is the number of the socket in the net log. */
export type Connections = ReadonlyMap<number, BrowserConnection>;

/** Enough for some thousand requests; the page's later ones are without. */
const BUFFER_KIB = 32 * 1024;
const DISCARD_NEW = 2;
/** The process that has the sockets: the others are not slowed down, and need not be waited for. */
const NETWORK = "network.mojom.NetworkService";

/** Begins to trace; resolves with what ends it and tells the trace. Both reject where the browser does not. */
export async function traceNetwork(devtools: DevTools): Promise<() => Promise<Buffer>> {
  const { processInfo } = await devtools.send("SystemInfo.getProcessInfo");
  const processes = processInfo as { type: string; id: number }[];
  const process = processes.find(({ type }) => type === NETWORK) ?? processes.find(({ type }) => type === "browser");
  const categories = encode([1, "*"], [2, "netlog"]);
  const source = encode([1, encode([1, "track_event"], [113, categories])], [2, `org.chromium-${process?.id}`]);
  const config = encode([1, encode([1, BUFFER_KIB], [4, DISCARD_NEW])], [2, source]);
  await devtools.send("Tracing.start", {
    transferMode: "ReturnAsStream",
    perfettoConfig: config.toString("base64"),
  });
  return () => endTrace(devtools);
}

async function endTrace(devtools: DevTools): Promise<Buffer> {
  const complete = devtools.next("Tracing.tracingComplete");
  const [{ stream: handle }] = await Promise.all([complete, devtools.send("Tracing.end")]);
  const parts: Buffer[] = [];
  for (let eof = false; !eof; ) {
    const part = await devtools.send("IO.read", { handle });
    parts.push(Buffer.from(part.data as string, part.base64Encoded ? "base64" : "latin1"));
    eof = part.eof as boolean;
  }
  await devtools.send("IO.close", { handle });
  return Buffer.concat(parts);
}

interface Socket extends BrowserConnection {
  isTls: boolean;
}

interface Params {
  local_address?: string;
  remote_address?: string;
  line?: string;
  source_dependency?: { id: number };
  stream_id?: number;
  headers?: string[];
}

/** Throws for what is no trace. */
export function connectionsOf(trace: Buffer): Connections {
  const connections = new Map<number, BrowserConnection>();
  /** Sockets by their tracks and by those of their requests; and by the numbers of the jobs that got them. */
  const sockets = new Map<string, Socket>();
  const byJob = new Map<number, Socket>();
  /** The numbers of jobs' sockets, by the jobs' tracks. */
  const numbers = new Map<string, number>();
  /** HTTP/2's sessions by their tracks: the numbers of their sockets, and their streams. */
  const sessions = new Map<string, { socket: number; streams: Map<number, SentRequest> }>();
  /** The job that a request has just been bound to; the job's own event comes next. */
  let job = 0;
  for (const { time, name, track, params: text } of traceEvents(trace)) {
    const params = JSON.parse(text) as Params;
    const number = params.source_dependency?.id ?? 0;
    const socket = sockets.get(track);
    switch (name) {
      case "": {
        // At the end of a socket's connecting.
        const { local_address: local, remote_address: remote } = params;
        if (local && remote) sockets.set(track, { local, remote, sent: [], isTls: false });
        break;
      }
      case "SOCKET_POOL_BOUND_TO_SOCKET":
        numbers.set(track, number);
        break;
      case "SOCKET_IN_USE":
        if (socket) byJob.set(number, socket);
        break;
      case "HTTP_STREAM_REQUEST_BOUND_TO_JOB": {
        job = number;
        const own = byJob.get(job);
        if (own) sockets.set(track, own);
        break;
      }
      case "HTTP_STREAM_JOB_BOUND_TO_REQUEST": {
        const own = byJob.get(job);
        const id = numbers.get(track);
        if (own && id !== undefined) connections.set(id, own);
        break;
      }
      case "HTTP_TRANSACTION_SEND_REQUEST_HEADERS":
        socket?.sent.push({ line: params.line?.replace(/ HTTP\/.*\s*$/, "") ?? "", received: 0 });
        break;
      case "SSL_SOCKET_BYTES_RECEIVED":
      case "SOCKET_BYTES_RECEIVED": {
        // Under TLS those that are the answer's, not those that end the connection.
        const isTls = name.startsWith("SSL");
        if (!socket || (socket.isTls && !isTls)) break;
        socket.isTls = isTls;
        const last = socket.sent.at(-1);
        if (last) last.received = time;
        break;
      }
      case "HTTP2_SESSION_INITIALIZED":
        sessions.set(track, { socket: number, streams: new Map() });
        break;
      case "HTTP2_SESSION_SEND_HEADERS":
        sessions.get(track)?.streams.set(params.stream_id!, { line: lineOf(params), received: 0 });
        break;
      case "HTTP2_SESSION_RECV_HEADERS":
      case "HTTP2_SESSION_RECV_DATA": {
        const request = sessions.get(track)?.streams.get(params.stream_id!);
        if (request) request.received = time;
      }
    }
  }
  for (const { socket, streams } of sessions.values()) connections.get(socket)?.sent.push(...streams.values());
  return connections;
}

/** Of an HTTP/2 request. */
function lineOf({ headers = [] }: Params): string {
  const [method, path] = [":method: ", ":path: "].map((field) =>
    headers.find((header) => header.startsWith(field))?.slice(field.length),
  );
  return `${method} ${path}`;
}
