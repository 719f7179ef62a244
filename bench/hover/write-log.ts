/** A server's log of a size, each line a request. */
import { closeSync, openSync, writeSync } from "node:fs";
import { encodeNative } from "../../src/formats/native";
import { LOG_SCHEMA } from "../../src/model/record";

const EPOCH = 1_700_000_000_000_000;

export const idOf = (request: number): string => `${String(request).padStart(32, "0")}-00f067aa0ba902b7`;

/** The number of requests, which stand on the lines from the second on. */
export function writeLog(file: string, bytes: number): number {
  const fd = openSync(file, "w");
  let requests = 0;
  let written = writeSync(
    fd,
    encodeNative({
      type: "header",
      schema: LOG_SCHEMA,
      log: "5e5e5e5e5e5e5e5e",
      writer: "5e5e5e",
      role: "server",
      pid: 1,
      thread: 0,
      host: "bench",
      anchor: { wall: EPOCH, mono: "1" },
      grain: 1,
      runtime: "node",
      cwd: "/srv",
    }),
  );
  while (written < bytes) {
    const lines = Array.from({ length: 1_000 }, () => {
      const number = ++requests;
      const time = EPOCH + number * 100;
      return encodeNative({
        type: "server",
        seq: number,
        req: number,
        id: idOf(number),
        conn: "127.0.0.1:50432>127.0.0.1:8080",
        ord: number,
        method: "GET",
        target: `/items/${number % 5_000}`,
        status: 200,
        bytes: 598,
        parseStart: time,
        parseEnd: time + 40,
        processEnd: time + 900,
        sendEnd: time + 950,
      });
    });
    written += writeSync(fd, lines.join(""));
  }
  closeSync(fd);
  return requests;
}
