/** Logs as text, for tests of the engine: a header and records, with what a test does not care about filled in. */

import { Store } from "../../../src/engine/store";
import { encodeNative } from "../../../src/formats/native";
import { nativeFormat } from "../../../src/formats/native-format";
import {
  type ClientRecord,
  type HeaderRecord,
  LOG_SCHEMA,
  type LogRecord,
  type Role,
  type ServerRecord,
} from "../../../src/model/record";

/** µs; the instant of both anchors unless a test shifts one. */
export const EPOCH = 1_700_000_000_000_000;

export function header(role: Role, fields: Partial<HeaderRecord> = {}): HeaderRecord {
  return {
    type: "header",
    schema: LOG_SCHEMA,
    log: role === "server" ? "5e5e5e5e5e5e5e5e" : "c1c1c1c1c1c1c1c1",
    writer: role.slice(0, 3),
    role,
    pid: 1,
    thread: 0,
    host: "test",
    boot: "boot",
    timens: "1",
    anchor: { wall: EPOCH, mono: "1000000000" },
    grain: 1,
    runtime: "node",
    cwd: "/srv",
    ...fields,
  };
}

/** A complete server record whose marks are 10 µs apart from `at` (µs after EPOCH). */
export function serverRecord(number: number, at: number, fields: Partial<ServerRecord> = {}): ServerRecord {
  return {
    type: "server",
    seq: number,
    req: number,
    method: "GET",
    target: `/${number}`,
    status: 200,
    parseStart: EPOCH + at,
    parseEnd: EPOCH + at + 10,
    processEnd: EPOCH + at + 20,
    sendEnd: EPOCH + at + 30,
    ...fields,
  };
}

/** A complete client record that was sent at `at` (µs after EPOCH), answered after 100 µs, loaded after 110. */
export function clientRecord(number: number, at: number, fields: Partial<ClientRecord> = {}): ClientRecord {
  return {
    type: "client",
    seq: number,
    req: number,
    method: "GET",
    url: `http://localhost/${number}`,
    status: 200,
    requestStart: EPOCH + at,
    responseStart: EPOCH + at + 100,
    responseEnd: EPOCH + at + 110,
    ...fields,
  };
}

/** A traceparent's ids from a number. */
export const requestId = (number: number): string =>
  `${number.toString(16).padStart(32, "0")}-${number.toString(16).padStart(16, "0")}`;

export const logText = (...records: LogRecord[]): string => records.map(encodeNative).join("");

/** A store of logs that were read one after the other; names are file names. */
export function storeOf(logs: Record<string, string>): Store {
  const store = new Store();
  for (const [name, text] of Object.entries(logs)) {
    const decoder = nativeFormat.open(store.addFile(`/session/${name}`, name), { file: name });
    decoder.push(new TextEncoder().encode(text));
    decoder.end();
    store.pairing.settle();
  }
  return store;
}
