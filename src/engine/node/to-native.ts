/** Any supported log as a native one: each record as its format reads it, in the order of the file. */
import { open } from "node:fs/promises";
import { basename } from "node:path";
import type { Reading } from "../../formats/format";
import { encodeNative } from "../../formats/native";
import { detectFormat } from "../../formats/registry";
import type { LogRecord, Problem } from "../../model/record";
import { EngineError } from "../errors";

const CHUNK_BYTES = 1 << 20;
const HEAD_BYTES = 64 * 1024;

/** The file's lines, in parts. An EngineError where nobody knows the format, or where it has no records of its own. */
export async function* nativeLines(
  path: string,
  reading: Reading,
  problem: (problem: Problem) => void,
): AsyncGenerator<string> {
  const file = basename(path);
  const handle = await open(path, "r");
  try {
    const chunk = new Uint8Array(CHUNK_BYTES);
    let { bytesRead } = await handle.read(chunk, 0, CHUNK_BYTES, 0);
    const format = detectFormat(new TextDecoder().decode(chunk.subarray(0, Math.min(bytesRead, HEAD_BYTES))), reading);
    if (!format) throw new EngineError("failed", `${path} is not a log of a known format`);
    let lines = "";
    let stamps = false;
    const sink = {
      record: (record: LogRecord | { type: "stamp" }): void => {
        if (record.type === "stamp") stamps = true;
        else lines += encodeNative(record);
      },
      problem: (line: number, reason: string): void => problem({ file, line, reason }),
    };
    const decoder = format.open(sink, { file, ...reading });
    for (let position = 0; bytesRead > 0; { bytesRead } = await handle.read(chunk, 0, CHUNK_BYTES, position)) {
      position += bytesRead;
      decoder.push(chunk.subarray(0, bytesRead));
      if (stamps) throw new EngineError("failed", `${path}: ${format.label} cannot be written as a native log`);
      yield lines;
      lines = "";
    }
    decoder.end();
    yield lines;
  } finally {
    await handle.close();
  }
}
