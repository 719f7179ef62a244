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

export class NativeScanner implements Decoder {
  private readonly splitter: LineSplitter;
  private readonly scanner: RecordScanner;

  constructor(
    private readonly file: LogFile,
    strings: Strings,
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
    );
  }

  push(bytes: Uint8Array): void {
    const last = bytes.lastIndexOf(LF);
    let at = 0;
    if (last >= 0 && this.splitter.hasPart) at = this.general(bytes, at);
    while (at <= last) {
      const next = this.scanner.scan(bytes, at);
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
