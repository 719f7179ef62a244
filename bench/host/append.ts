/** Appends server records at a steady rate until it is ended: `node append.js FILE RATE`. A process of its own. */
import { appendFileSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { encodeNative } from "../../src/formats/native";
import { LOG_SCHEMA } from "../../src/model/record";

const TICK_MS = 20;
const [file, rate] = [process.argv[2]!, Number(process.argv[3])];
const began = Date.now();
let request = 0;

writeFileSync(
  file,
  encodeNative({
    ...{ type: "header", schema: LOG_SCHEMA, log: "bbbbbbbbbbbbbbbb", writer: "bench", role: "server", thread: 0 },
    ...{ pid: process.pid, host: hostname(), anchor: { wall: began * 1000, mono: "0" }, grain: 1 },
    ...{ runtime: "bench", cwd: "/srv" },
  } as const),
);
setInterval(() => {
  let text = "";
  for (const due = ((Date.now() - began) * rate) / 1000; request < due; ) {
    const at = began * 1000 + Math.round((++request * 1e6) / rate);
    text += encodeNative({
      ...{ type: "server", seq: request, req: request, method: "GET", target: `/items/${request % 300}`, status: 200 },
      ...{ parseStart: at, parseEnd: at + 50, processEnd: at + 900, sendEnd: at + 950 },
    } as const);
  }
  if (text) appendFileSync(file, text);
}, TICK_MS);
