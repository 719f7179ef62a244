/** Tiny servers with known behaviour, and a probe whose log is read back. */
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer as createHttpServer, type RequestListener, type Server } from "node:http";
import { type AddressInfo, createServer, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { defaultProbeOptions, planOf } from "../../../src/cli/probe-options";
import { decodeNative } from "../../../src/formats/native";
import { LogWriter } from "../../../src/log/writer";
import type { ClientRecord, LogRecord } from "../../../src/model/record";
import type { ProbePlan } from "../../../src/probe/plan";
import { type ProbeProgress, type ProbeResult, runProbe } from "../../../src/probe/probe";
import { Recorder } from "../../../src/probe/recorder";

const cleanUps: (() => void)[] = [];

/** To be called in afterEach. */
export function cleanUp(): void {
  for (const step of cleanUps.splice(0).reverse()) step();
}

export const onCleanUp = (step: () => void): void => void cleanUps.push(step);

export function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "probe-"));
  onCleanUp(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Resolves to the server's base URL. */
export function listen(server: Server | ReturnType<typeof createServer>, scheme = "http"): Promise<string> {
  const sockets = new Set<Socket>();
  server.on(scheme === "https" ? "secureConnection" : "connection", (socket: Socket) => {
    sockets.add(socket);
    socket.on("error", () => {});
  });
  onCleanUp(() => {
    server.close();
    for (const socket of sockets) socket.destroy();
  });
  return new Promise((resolve) =>
    server.listen(0, "127.0.0.1", () => resolve(`${scheme}://127.0.0.1:${(server.address() as AddressInfo).port}`)),
  );
}

export const httpServer = (listener: RequestListener): Promise<string> => listen(createHttpServer(listener));

/** A server that sees raw sockets. `allowHalfOpen`: it decides itself when to close. */
export const rawServer = (onSocket: (socket: Socket) => void): Promise<string> => listen(createServer(onSocket));

/** A server that answers each request with these bytes, then closes where told to. */
export const cannedServer = (answer: string | Buffer, close = false): Promise<string> =>
  rawServer((socket) => {
    let text = "";
    socket.on("data", (bytes) => {
      text += bytes.toString("latin1");
      for (let end = text.indexOf("\r\n\r\n"); end >= 0; end = text.indexOf("\r\n\r\n")) {
        text = text.slice(end + 4);
        if (close) socket.end(answer);
        else socket.write(answer);
      }
    });
  });

export interface Probed {
  result: ProbeResult;
  /** In the order in which they were sent. */
  requests: ClientRecord[];
  records: LogRecord[];
}

/** A load brings its own URLs. */
export const planFor = (urls: readonly string[], options: Partial<ProbePlan> = {}): ProbePlan => ({
  ...planOf(options.load ? [options.load.mix[0]!.url.href] : urls, defaultProbeOptions()),
  ...options,
});

/** Runs the plan and reads the log back; every line must be a valid record. */
export async function probe(
  urls: string | readonly string[],
  options: Partial<ProbePlan> = {},
  signal = new AbortController().signal,
  progress: ProbeProgress = {},
): Promise<Probed> {
  const file = join(newFolder(), "client.ndjson");
  const recorder = new Recorder(new LogWriter({ file, role: "client" }));
  const result = await runProbe(planFor([urls].flat(), options), recorder, signal, progress);
  recorder.close();
  const records = readLog(file);
  const requests = records.filter((record) => record.type === "client").sort((a, b) => a.req - b.req);
  return { result, requests, records };
}

export function readLog(file: string): LogRecord[] {
  return readFileSync(file, "utf8")
    .trimEnd()
    .split("\n")
    .map((line) => {
      const record = decodeNative(line);
      if ("problem" in record) throw new Error(`${record.problem}: ${line}`);
      return record;
    });
}

/** ms between two marks of a record. */
export const millis = (record: ClientRecord, from: keyof ClientRecord, to: keyof ClientRecord): number =>
  ((record[to] as number) - (record[from] as number)) / 1000;
