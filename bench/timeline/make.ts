/** Writes a paired session: client and server logs of one boot, 32 connections, a slow spell, and rare outliers. */
import { closeSync, openSync, writeSync } from "node:fs";
import { join } from "node:path";
import { encodeNative } from "../../src/formats/native";
import { type ClientRecord, type HeaderRecord, LOG_SCHEMA, type Role, type ServerRecord } from "../../src/model/record";
import { random } from "../../test/ui/fixture/columns";

const EPOCH = 1_700_000_000_000_000;
const CONNECTIONS = 32;
const FLUSH_CHARS = 1 << 22;

const header = (role: Role): HeaderRecord => ({
  type: "header",
  schema: LOG_SCHEMA,
  log: role === "server" ? "aaaaaaaaaaaaaaaa" : "bbbbbbbbbbbbbbbb",
  writer: role === "server" ? "aaaaaa" : "bbbbbb",
  role,
  pid: 1,
  thread: 0,
  host: "bench",
  boot: "00000000-0000-4000-8000-000000000000",
  timens: "1",
  anchor: { wall: EPOCH, mono: "0" },
  grain: 1,
  runtime: "bench",
  cwd: "/srv",
});

/** An append-only file that is written in large pieces. */
class Log {
  readonly #file: number;
  #text: string;

  constructor(
    readonly path: string,
    role: Role,
  ) {
    this.#file = openSync(path, "w");
    this.#text = encodeNative(header(role));
  }

  add(record: ClientRecord | ServerRecord): void {
    this.#text += encodeNative(record);
    if (this.#text.length > FLUSH_CHARS) this.#flush();
  }

  close(): void {
    this.#flush();
    closeSync(this.#file);
  }

  #flush(): void {
    writeSync(this.#file, this.#text);
    this.#text = "";
  }
}

/** Both logs' paths. */
export function makeSession(folder: string, requests: number): string[] {
  const logs = {
    client: new Log(join(folder, "client.ndjson"), "client"),
    server: new Log(join(folder, "server.ndjson"), "server"),
  };
  const next = random(7);
  const free = new Float64Array(CONNECTIONS);
  const ordinals = new Uint32Array(CONNECTIONS);
  for (let request = 1; request <= requests; request++) {
    const connection = request % CONNECTIONS;
    const busy = request > requests * 0.6 && request < requests * 0.65 ? 4 : 1;
    const outlier = next() < 2e-5 ? 30_000_000 : next() < 0.001 ? 2_000_000 : 0;
    const process = Math.floor(next() ** 4 * 40_000 * busy) + 80 + outlier;
    const wanted = request * 300;
    const start = EPOCH + Math.max(wanted, free[connection]!);
    const parse = start + 60 + Math.floor(next() * 40);
    const processed = parse + 50 + process;
    const sent = processed + 30;
    free[connection] = sent + 120 - EPOCH;
    const status = request % 500 === 0 ? 503 : 200;
    const shared = {
      seq: request,
      req: request,
      id: `${request.toString(16).padStart(32, "0")}-00f067aa0ba902b7`,
      conn: `127.0.0.1:${40_000 + connection}>127.0.0.1:8080`,
      ord: ++ordinals[connection]!,
      method: request % 20 ? "GET" : "POST",
      status,
      bytes: 500 + Math.floor(next() * 40_000),
    };
    const target = `/items/${Math.floor(next() * 300)}?page=${request % 7}`;
    logs.server.add({
      ...shared,
      type: "server",
      target,
      parseStart: parse,
      parseEnd: parse + 50,
      processEnd: processed,
      sendEnd: sent,
    });
    const times = {
      fetchStart: EPOCH + wanted,
      requestStart: start,
      responseStart: processed + 60,
      responseEnd: sent + 100,
    };
    logs.client.add({ ...shared, type: "client", url: `http://127.0.0.1:8080${target}`, ...times });
  }
  for (const log of Object.values(logs)) log.close();
  return [logs.client.path, logs.server.path];
}
