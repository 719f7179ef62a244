/** A body in the chunked transfer coding (RFC 9112, 7.1), trailers included, from bytes in pieces of any size. */
import { ResponseFault } from "./head";

/** A size line with its extensions, or a trailer line, that is longer is refused. */
const MAX_LINE_CHARS = 16 * 1024;
const MAX_TRAILER_CHARS = 64 * 1024;

const LF = 10;

export class ChunkedBody {
  done = false;
  private state: "size" | "data" | "after" | "trailer" = "size";
  private line = "";
  private left = 0;
  private trailer = 0;

  reset(): void {
    this.done = false;
    this.state = "size";
    this.line = "";
    this.left = 0;
    this.trailer = 0;
  }

  /** Hands the data on; returns how many bytes belong to this body. Throws a ResponseFault. */
  push(bytes: Buffer, sink: { body(bytes: Buffer): void }): number {
    let at = 0;
    while (at < bytes.length && !this.done) {
      if (this.state === "data") {
        const part = bytes.subarray(at, at + this.left);
        sink.body(part);
        at += part.length;
        this.left -= part.length;
        if (this.left === 0) this.state = "after";
        continue;
      }
      const feed = bytes.indexOf(LF, at);
      const end = feed < 0 ? bytes.length : feed;
      this.line += bytes.toString("latin1", at, end);
      if (this.line.length > MAX_LINE_CHARS) throw new ResponseFault("a chunk's size line is too long");
      at = end + 1;
      if (feed < 0) return bytes.length;
      this.endLine(this.line.endsWith("\r") ? this.line.slice(0, -1) : this.line);
      this.line = "";
    }
    return Math.min(at, bytes.length);
  }

  private endLine(line: string): void {
    if (this.state === "after") {
      if (line !== "") throw new ResponseFault("a chunk is longer than its size says");
      this.state = "size";
    } else if (this.state === "trailer") {
      this.trailer += line.length;
      if (this.trailer > MAX_TRAILER_CHARS) throw new ResponseFault("its trailer is too long");
      this.done = line === "";
    } else {
      const size = /^([0-9a-fA-F]{1,13})[ \t]*(?:;[^\r]*)?$/.exec(line);
      if (!size) throw new ResponseFault(`a chunk's size is ${JSON.stringify(line.slice(0, 20))}`);
      this.left = Number.parseInt(size[1]!, 16);
      this.state = this.left === 0 ? "trailer" : "data";
    }
  }
}
