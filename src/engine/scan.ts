/** The native log's fast path: whole lines go through the byte scanner, and what it leaves through the general path. */
import type { Decoder } from "../formats/format";
import { LineSplitter } from "../formats/lines";
import { MAX_LINE_BYTES } from "../formats/native";
import { decodeLine } from "../formats/native-format";
import { CLIENT_LAYOUT, SERVER_LAYOUT } from "./fields";
import { BatchKeeper } from "./keep-batch";
import type { LogFile } from "./log-file";
import { PADDING, type ScanBatch, type Scanned } from "./scan-batch";
import { RecordScanner } from "./scan-record";
import type { Store } from "./store";

const LF = 10;
export class NativeScanner implements Decoder {
  private readonly splitter: LineSplitter;
  private readonly scanner: RecordScanner;
  private keeper: BatchKeeper | null = null;

  /** `first`: number of the first line that it is given. */
  constructor(
    private readonly file: LogFile,
    private readonly store: Store,
    first = 1,
  ) {
    this.scanner = new RecordScanner(
      store.strings,
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

  /** Whether the beginning of a line is held. */
  get hasPart(): boolean {
    return this.splitter.hasPart;
  }

  /** Bytes that another thread has scanned. */
  take(batch: ScanBatch, scanned: Scanned): void {
    this.keeper ??= new BatchKeeper(this.file, this.store);
    this.keeper.keep(batch, scanned, this.splitter);
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
      this.keep(this.splitter.pass());
      at = next;
    }
    if (at < bytes.length) this.splitter.push(bytes.subarray(at));
  }

  end(): void {
    this.splitter.end();
  }

  private keep(line: number): void {
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

/** Bytes that start their buffer and do not end it. */
function padded(chunk: Uint8Array): Uint8Array {
  if (chunk.byteOffset === 0 && chunk.buffer.byteLength >= chunk.length + PADDING) return chunk;
  const copy = new Uint8Array(chunk.length + PADDING);
  copy.set(chunk);
  return copy.subarray(0, chunk.length);
}
