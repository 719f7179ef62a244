/** A reference server on a folder of its own, and a client for it. */
import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import { type Agent, request as httpRequest, type IncomingHttpHeaders } from "node:http";
import { dirname, join, resolve } from "node:path";
import { build } from "esbuild";
import type { LogRecord, ServerRecord, SourceRecord } from "../../../src/model/record";
import { LIMITS, type Limits, type PoolOptions, type ServerOptions, startPool, startServer } from "../../../src/server";
import { inFolder, recordsIn, serverRecords, until } from "../instrument/support";

const repository = resolve(__dirname, "../../..");
export const CAMPUS = join(repository, "examples/campus");
const WORKER = join(repository, "out/test-server/worker.js");

let built: Promise<unknown> | undefined;

/** For a suite's `before`: the pool's worker process. */
export function buildWorker(): Promise<unknown> {
  const contents = 'import { runWorker } from "./src/server/pool/worker"; runWorker();';
  built ??= build({
    stdin: { contents, resolveDir: repository, loader: "ts" },
    outfile: WORKER,
    bundle: true,
    platform: "node",
    format: "cjs",
    target: "node20",
    logLevel: "warning",
  });
  return built;
}

export interface Answered {
  status: number;
  headers: IncomingHttpHeaders;
  body: Buffer;
  text: string;
}

export interface Asked {
  method?: string;
  headers?: Record<string, string | string[]>;
  body?: Buffer | string;
  agent?: Agent | false;
}

/** One request on a connection of its own, unless an agent is given. The path goes out as it is written. */
export const ask = (
  url: string,
  path: string,
  { method = "GET", headers = {}, body, agent = false }: Asked = {},
): Promise<Answered> =>
  new Promise((done, failed) => {
    const { hostname, port } = new URL(url);
    const chunked = "Transfer-Encoding" in headers;
    const length = body === undefined || chunked ? {} : { "content-length": String(Buffer.byteLength(body)) };
    const sent = httpRequest(
      { hostname, port, path, method, headers: { ...length, ...headers }, agent },
      (response) => {
        const chunks: Buffer[] = [];
        response.on("data", (chunk: Buffer) => chunks.push(chunk));
        response.on("error", failed);
        response.on("end", () => {
          const whole = Buffer.concat(chunks);
          done({ status: response.statusCode!, headers: response.headers, body: whole, text: whole.toString("utf8") });
        });
      },
    );
    sent.on("error", failed);
    sent.end(body);
  });

export interface Site {
  url: string;
  port: number;
  /** The folder that is served. */
  root: string;
  ask(path: string, asked?: Asked): Promise<Answered>;
  /** Waits until so many requests have their final record. */
  records(count: number): Promise<ServerRecord[]>;
  all(): LogRecord[];
  /** The file of a record's handler. */
  handler(record: ServerRecord): string | undefined;
  /** Ends the server; then the log is complete. */
  close(): Promise<void>;
}

export interface SiteOptions extends Partial<Omit<ServerOptions, "limits">> {
  /** Files by path; text that begins with #! becomes a program. */
  files?: Record<string, string | Buffer>;
  limits?: Partial<Limits>;
  pool?: Partial<PoolOptions>;
}

export function writeFiles(root: string, files: Record<string, string | Buffer>): void {
  for (const [name, content] of Object.entries(files)) {
    const path = join(root, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, content);
    if (content.toString().startsWith("#!")) chmodSync(path, 0o755);
  }
}

/** Serves the files while `use` runs: in this process, or by a pool of worker processes. */
export const serving = <T>(
  { files = {}, limits, pool, ...rest }: SiteOptions,
  use: (site: Site) => Promise<T>,
): Promise<T> =>
  inFolder(async (folder) => {
    const logs = join(folder, "logs");
    const root = rest.root ?? join(folder, "site");
    mkdirSync(logs);
    writeFiles(root, files);
    mkdirSync(root, { recursive: true });
    const options: ServerOptions = {
      cgi: "/cgi-bin/",
      log: join(logs, "server.ndjson"),
      recording: "0123456789abcdef",
      host: "127.0.0.1",
      port: 0,
      allowHosts: [],
      lockMode: "file",
      cgiMode: "process",
      ...rest,
      root,
      limits: { ...LIMITS, ...limits },
    };
    const worker = { file: WORKER, arguments: [] };
    const server = pool
      ? await startPool(options, { low: 1, high: 1, perWorker: 1, maxLoad: null, worker, ...pool })
      : await startServer(options);
    let closed: Promise<void> | undefined;
    const close = (): Promise<void> => {
      closed ??= server.close();
      return closed;
    };
    const all = (): LogRecord[] => recordsIn(logs);
    try {
      return await use({
        url: server.url,
        port: Number(new URL(server.url).port),
        root,
        ask: (path, asked) => ask(server.url, path, asked),
        async records(count) {
          await until(() => serverRecords(all()).length >= count);
          return serverRecords(all());
        },
        all,
        handler(record) {
          const sources = all().filter((other): other is SourceRecord => other.type === "source");
          return sources.find(({ id }) => id === record.handler)?.file;
        },
        close,
      });
    } finally {
      await close();
    }
  });
