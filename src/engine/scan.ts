/** The native log's fast path: whole lines go through the byte scanner, and what it leaves through the general path. */
import type { Decoder } from "../formats/format";
import { LineSplitter } from "../formats/lines";
import { MAX_LINE_BYTES } from "../formats/native";
import { decodeLine } from "../formats/native-format";
import { CLIENT_LAYOUT, SERVER_LAYOUT } from "./fields";
import type { LogFile } from "./log-file";
import { RecordScanner } from "./scan-record";
import type { Strings } from "./strings";

const LF = 10;
/** What a chunk's buffer must have behind the chunk, so that no copy is needed. */
export const PADDING = 64;

export class NativeScanner implements Decoder {
  private readonly splitter: LineSplitter;
  private readonly scanner: RecordScanner;

  /** `first`: number of the first line that it is given. */
  constructor(
    private readonly file: LogFile,
    strings: Strings,
    first = 1,
  ) {
    this.scanner = new RecordScanner(
      strings,
      new Float64Array(CLIENT_LAYOUT.length),
      new Float64Array(SERVER_LAYOUT.length),
    );
    this.splitter = new LineSplitter(
      {
        line: (text, number) => decodeLine(text, number, file),
        tooLong: (number) => file.problem(number, `longer than ${MAX_LINE_BYTES} bytes`),
      },
      MAX_LINE_BYTES,
      first,
    );
  }

  get progress(): LineSplitter["progress"] {
    return this.splitter.progress;
  }

  push(chunk: Uint8Array): void {
    const bytes = padded(chunk);
    const view = new DataView(bytes.buffer);
    const last = bytes.lastIndexOf(LF);
    let at = 0;
    if (last >= 0 && this.splitter.hasPart) at = this.general(bytes, at);
    while (at <= last) {
      const next = this.scanner.scan(bytes, view, at);
      if (next < 0 || next - at > MAX_LINE_BYTES + 1) {
        at = this.general(bytes, at);
        continue;
      }
      this.take(this.splitter.pass());
      at = next;
    }
    if (at < bytes.length) this.splitter.push(bytes.subarray(at));
  }

  end(): void {
    this.splitter.end();
  }

  private take(line: number): void {
    const { isServer, sequence, server, client } = this.scanner;
    if (isServer) this.file.scanned("server", sequence, server, line);
    else this.file.scanned("client", sequence, client, line);
  }

  /** Hands one line over; returns the position behind it. */
  private general(bytes: Uint8Array, at: number): number {
    const next = bytes.indexOf(LF, at) + 1;
    this.splitter.push(bytes.subarray(at, next));
    return next;
  }
}

/** The scanner reads words, and a key's words beyond a line that is cut: bytes that start their buffer and do not end it. */
function padded(chunk: Uint8Array): Uint8Array {
  if (chunk.byteOffset === 0 && chunk.buffer.byteLength >= chunk.length + PADDING) return chunk;
  const copy = new Uint8Array(chunk.length + PADDING);
  copy.set(chunk);
  return copy.subarray(0, chunk.length);
}
