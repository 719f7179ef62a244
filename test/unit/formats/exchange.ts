/** Sessions for the laws of interchange: recorded logs through the engine, out, in, and out again. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { exchanged } from "../../../src/engine/exchanged";
import { openSession } from "../../../src/engine/node/open";
import type { Encoder, Exchanged } from "../../../src/formats/exchange";
import { encodeNative } from "../../../src/formats/native";
import type { ClientRecord, HeaderRecord, LogRecord, Problem, ServerRecord } from "../../../src/model/record";

const T = 1_700_000_000_000_000;
const TRACE = "0af7651916cd43dd8448eb211c80319c";

const header = (role: "client" | "server", log: string, boot?: string, wall = T): HeaderRecord => ({
  type: "header",
  schema: "request-timeline/log@1",
  log,
  writer: log.slice(0, 6),
  role,
  pid: 1,
  thread: 0,
  host: "h",
  ...(boot !== undefined && { boot }),
  anchor: { wall, mono: "1000000000" },
  grain: 1,
  runtime: "test",
  cwd: "/",
});

const client = (req: number, more: Partial<ClientRecord> = {}): ClientRecord => {
  const at = T + req * 100_000;
  return {
    type: "client",
    seq: req,
    req,
    id: `${TRACE}-${req.toString(16).padStart(16, "0")}`,
    method: "GET",
    url: `http://h:80/a/${req}?q=${req}&r=%20x`,
    status: 200,
    bytes: 12_345,
    fetchStart: at,
    domainLookupStart: at + 10,
    domainLookupEnd: at + 1_013,
    connectStart: at + 1_013,
    secureConnectionStart: at + 1_500,
    connectEnd: at + 2_999,
    requestStart: at + 3_001,
    requestEnd: at + 3_013,
    responseStart: at + 20_001,
    responseHeadersEnd: at + 20_005,
    responseEnd: at + 30_333,
    ...more,
  };
};

const server = (req: number, seq: number, more: Partial<ServerRecord> = {}): ServerRecord => {
  const at = T + req * 100_000 + 5_000;
  return {
    type: "server",
    seq,
    req,
    id: `${TRACE}-${req.toString(16).padStart(16, "0")}`,
    method: "GET",
    target: `/a/${req}?q=${req}&r=%20x`,
    host: "h:80",
    route: "/a/:id",
    status: 200,
    bytes: 12_345,
    arrival: [at - 30, at - 3],
    parseStart: at,
    parseEnd: at + 111,
    processEnd: at + 14_000,
    sendEnd: at + 25_000,
    handler: 1,
    children: [{ kind: "http", name: "GET http://db/", start: at + 200, duration: 5_000 }],
    ...more,
  };
};

/** Pairs, an abort, a failure, one that hangs, one that only the client saw and one that only the server saw. */
function logs(boot: string | undefined, serverWall: number): LogRecord[][] {
  const late = { sendEnd: undefined, processEnd: undefined };
  return [
    [
      header("client", "c".repeat(16), boot),
      client(1),
      client(2, { responseEnd: undefined, state: "aborted", error: "ECONNRESET", closed: T + 240_000 }),
      client(3, {
        status: undefined,
        responseStart: undefined,
        responseEnd: undefined,
        state: "failed",
        error: "timed out",
      }),
      client(4),
      client(5, { status: 500 }),
    ],
    [
      header("server", "5".repeat(16), boot, serverWall),
      { type: "source", seq: 1, id: 1, name: "list", file: "src/app.js", line: 12, column: 3, confidence: 0.9 },
      server(1, 2),
      server(2, 3, { ...late, state: "aborted", closed: T + 241_000 }),
      server(4, 4),
      server(5, 5, { status: 500 }),
      server(6, 6, { id: undefined, host: undefined }),
    ],
  ];
}

export interface Opened {
  items: Exchanged[];
  problems: Problem[];
}

/** What the engine makes of the files. */
export async function opened(files: Record<string, string | Uint8Array>): Promise<Opened> {
  const folder = mkdtempSync(join(tmpdir(), "request-timeline-exchange-"));
  try {
    const paths = Object.entries(files).map(([name, text]) => {
      writeFileSync(join(folder, name), text);
      return join(folder, name);
    });
    const { store } = await openSession(paths);
    return { items: [...exchanged(store)], problems: store.problems.list() };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** A session of one boot, or (by bounds) of two machines whose clocks are 3 s apart. */
export async function session(clocks: "one boot" | "two machines"): Promise<Opened> {
  const [clientLog, serverLog] = logs(clocks === "one boot" ? "b" : undefined, T).map((records) =>
    records.map(encodeNative).join(""),
  ) as [string, string];
  return opened({ "client.ndjson": clientLog, "server.ndjson": serverLog });
}

export const written = (encode: Encoder, items: Iterable<Exchanged>): string => [...encode(items)].join("");
