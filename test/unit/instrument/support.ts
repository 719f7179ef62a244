/** What the tests of the instrumentation share: a served listener under a log, and its records. */
import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { createServer, type RequestListener, type Server } from "node:http";
import { type AddressInfo, connect, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { decodeNative } from "../../../src/formats/native";
import { type Instrument, startInstrument } from "../../../src/instrument";
import type { LogRecord, ServerRecord } from "../../../src/model/record";

export async function inFolder<T>(use: (folder: string) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), "request-timeline-"));
  try {
    return await use(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** All records of a log file; every line must be one. */
export function recordsOf(file: string): LogRecord[] {
  const text = readFileSync(file, "utf8");
  assert.ok(text.endsWith("\n"), "the log ends in a whole line");
  return text
    .slice(0, -1)
    .split("\n")
    .map((line) => {
      const record = decodeNative(line);
      assert.ok(!("problem" in record), `${"problem" in record && record.problem}: ${line}`);
      return record;
    });
}

/** The records of all logs in a folder. */
export const recordsIn = (folder: string): LogRecord[] =>
  readdirSync(folder)
    .filter((name) => name.endsWith(".ndjson"))
    .flatMap((name) => recordsOf(join(folder, name)));

export const serverRecords = (records: readonly LogRecord[]): ServerRecord[] =>
  records.filter((record) => record.type === "server");

export interface Served {
  server: Server;
  port: number;
  instrument: Instrument;
  /** Waits until so many requests have their final record. */
  records(count: number): Promise<ServerRecord[]>;
  log: string;
}

/** Serves the listener in this process, instrumented, while `use` runs. */
export const serving = <T>(listener: RequestListener, use: (served: Served) => Promise<T>): Promise<T> =>
  servingWith(createServer(listener), use);

const servingWith = <T>(server: Server, use: (served: Served) => Promise<T>): Promise<T> =>
  inFolder(async (folder) => {
    const log = join(folder, "server.ndjson");
    const instrument = startInstrument({ log });
    await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
    const records = async (count: number): Promise<ServerRecord[]> => {
      await until(() => serverRecords(recordsOf(log)).length >= count);
      return serverRecords(recordsOf(log));
    };
    try {
      return await use({ server, port: (server.address() as AddressInfo).port, instrument, records, log });
    } finally {
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
      instrument.stop();
    }
  });

/** Polls until the condition holds; fails after the deadline. */
export async function until(holds: () => boolean, milliseconds = 30_000): Promise<void> {
  const deadline = performance.now() + milliseconds;
  while (!holds()) {
    assert.ok(performance.now() < deadline, `not within ${milliseconds} ms: ${holds}`);
    await pause(5);
  }
}

export const pause = (milliseconds: number): Promise<void> => new Promise((done) => setTimeout(done, milliseconds));

/** Keeps the event loop busy. */
export function block(milliseconds: number): void {
  const end = performance.now() + milliseconds;
  while (performance.now() < end);
}

export interface RawClient {
  socket: Socket;
  /** Everything received so far. */
  text(): string;
  closed: Promise<void>;
}

/** A bare TCP client. */
export async function rawClient(port: number): Promise<RawClient> {
  const socket = connect(port, "127.0.0.1");
  const chunks: Buffer[] = [];
  socket.on("data", (chunk) => chunks.push(chunk));
  socket.on("error", () => {});
  const closed = new Promise<void>((done) => socket.on("close", () => done()));
  await new Promise<void>((done) => socket.on("connect", done));
  return { socket, text: () => Buffer.concat(chunks).toString("latin1"), closed };
}

/** Sends bytes, waits until the answer contains `marker`, and gives what was received. */
export async function exchange(port: number, bytes: string, marker: string): Promise<string> {
  const client = await rawClient(port);
  client.socket.write(bytes, "latin1");
  await until(() => client.text().includes(marker));
  client.socket.destroy();
  return client.text();
}
