/** The benchmark's log: server records as the hook writes them, about 340 bytes each, up to 303,000 distinct targets. */
import { closeSync, openSync, writeSync } from "node:fs";
import { encodeNative } from "../../src/formats/native";
import { LOG_SCHEMA } from "../../src/model/record";

const EPOCH = 1_700_000_000_000_000;
const DISTINCT = 303_000;
const FLUSH_CHARS = 1 << 22;

/** A linear congruential generator: the same log every time. */
let state = 12_345;
function random(): number {
  state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff;
  return state / 0x7fffffff;
}

function hex(digits: number): string {
  let text = "";
  while (text.length < digits) text += Math.floor(random() * 0x10000000).toString(16);
  return text.slice(0, digits);
}

export function makeLog(file: string, count: number): void {
  const out = openSync(file, "w");
  let text = encodeNative({
    type: "header",
    schema: LOG_SCHEMA,
    log: "bbbbbbbbbbbbbbbb",
    writer: "bench",
    role: "server",
    pid: 1,
    thread: 0,
    host: "bench",
    anchor: { wall: EPOCH, mono: "0" },
    grain: 1,
    runtime: "bench",
    cwd: "/srv",
  });
  for (let request = 1; request <= count; request++) {
    const start = EPOCH + request * 200 + Math.floor(random() * 100);
    // Mostly quick, one in a thousand very slow: what an overview must not lose.
    const process = Math.floor(random() ** 4 * 20_000) + (request % 1000 === 0 ? 2_000_000 : 80);
    text += encodeNative({
      type: "server",
      seq: request,
      req: request,
      id: `${hex(32)}-${hex(16)}`,
      conn: `127.0.0.1:${40_000 + (request % 64)}>127.0.0.1:8080`,
      ord: 1 + Math.floor(request / 64),
      method: request % 20 ? "GET" : "POST",
      target: `/items/${Math.floor(random() * DISTINCT)}`,
      status: request % 500 ? 200 : 503,
      bytes: 500 + Math.floor(random() * 40_000),
      parseStart: start,
      parseEnd: start + 60,
      processEnd: start + 60 + process,
      sendEnd: start + 90 + process,
    });
    if (text.length < FLUSH_CHARS) continue;
    writeSync(out, text);
    text = "";
  }
  writeSync(out, text);
  closeSync(out);
}
