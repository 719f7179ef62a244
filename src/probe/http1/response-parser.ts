/**
 * HTTP/1.x responses from bytes in chunks of any size (RFC 9112, the client's side). One response at a time: the
 * owner calls `expect` before each. Not supported: HTTP/0.9, pipelining.
 */

import { ChunkedBody } from "./chunked-body";
import { parseHead, ResponseCut, ResponseFault, type ResponseHead } from "./head";

export interface ResponseSink {
  /** The head of the final response. `first` and `last`: when its first and its last byte were read. */
  head(head: ResponseHead, first: number, last: number): void;
  /** A part of the body, without transfer coding. The bytes are only valid during the call. */
  body(bytes: Buffer): void;
  /** The response's last byte was read. `reusable`: another request may follow on the connection. */
  complete(time: number, reusable: boolean): void;
}

/** A head that is longer (all interim answers before it included) is refused. */
const MAX_HEAD_BYTES = 256 * 1024;
/** First look for a head's end: most heads are shorter, and a body behind it need not be turned into a string. */
const GLANCE_BYTES = 2048;

const NOTHING = Buffer.alloc(0);

type State = "idle" | "head" | "length" | "chunked" | "close";

export class ResponseParser {
  private state: State = "idle";
  private method = "";
  private carry: Carry | null = null;
  private headBytes = 0;
  private first = 0;
  private left = 0;
  private reusable = false;
  private readonly chunked = new ChunkedBody();
  /** Heads of one server are often the same to the byte: the last one is not parsed twice. */
  private lastBytes: Buffer = NOTHING;
  private lastHead: ResponseHead | null = null;

  constructor(private readonly sink: ResponseSink) {}

  /** A request with this method was sent: its response is next. */
  expect(method: string): void {
    this.method = method;
    this.state = "head";
    this.carry = null;
    this.headBytes = 0;
    this.first = 0;
  }

  /** Bytes that were read at `time` (µs). Throws a ResponseFault; the connection is of no use afterwards. */
  push(bytes: Buffer, time: number): void {
    let rest = bytes;
    while (rest.length) {
      if (this.state === "head") rest = this.readHead(rest, time);
      else if (this.state === "idle") throw new ResponseFault("bytes came that no request had asked for");
      else rest = this.readBody(rest, time);
    }
  }

  /** The server will send no more. Throws a ResponseCut where the response is not complete with that. */
  end(time: number): void {
    if (this.state === "idle") return;
    if (this.state === "close") this.finish(time, NOTHING);
    else if (this.state === "head")
      throw new ResponseCut(this.carry ? "within the answer's header" : "without an answer");
    else if (this.state === "length") throw new ResponseCut(`${this.left} bytes before the end of the answer`);
    else throw new ResponseCut("before the answer's last chunk");
  }

  private readHead(bytes: Buffer, time: number): Buffer {
    if (!this.carry) {
      // Empty lines before a status line are passed over (RFC 9112, 2.2).
      let start = 0;
      while (start < bytes.length && (bytes[start] === 13 || bytes[start] === 10)) start++;
      if (start === bytes.length) return NOTHING;
      if (start) return this.readHead(bytes.subarray(start), time);
      this.first = time;
    }
    const all = this.carry ? this.carry.with(bytes) : bytes;
    const again = this.lastHead !== null && startsWith(all, this.lastBytes);
    const end = again ? this.lastBytes.length : endOfHead(all, all.length - bytes.length);
    if (this.headBytes + (end < 0 ? all.length : end) > MAX_HEAD_BYTES)
      throw new ResponseFault(`its header is longer than ${MAX_HEAD_BYTES / 1024} KiB`);
    if (end < 0) {
      this.carry ??= new Carry(bytes);
      return NOTHING;
    }
    this.carry = null;
    this.headBytes += end;
    const head = again ? this.lastHead! : parseHead(all.toString("latin1", 0, end));
    if (!again) {
      this.lastBytes = Buffer.from(all.subarray(0, end));
      this.lastHead = head;
    }
    const rest = all.subarray(end);
    // Interim answers (100, 102, 103) do not count; 101 is final: what follows is not HTTP.
    if (head.status < 200 && head.status !== 101) return rest;
    this.sink.head(head, this.first, time);
    return this.openBody(head, rest, time);
  }

  private openBody(head: ResponseHead, rest: Buffer, time: number): Buffer {
    this.reusable = head.keepAlive;
    const { status } = head;
    const bodiless = this.method === "HEAD" || status === 204 || status === 304 || status === 101;
    if (bodiless || (head.length === 0 && !head.chunked)) {
      if (status === 101) this.reusable = false;
      return this.finish(time, rest);
    }
    if (head.chunked) {
      this.state = "chunked";
      this.chunked.reset();
    } else if (head.length === null) {
      this.state = "close";
      this.reusable = false;
    } else {
      this.state = "length";
      this.left = head.length;
    }
    return rest;
  }

  private readBody(bytes: Buffer, time: number): Buffer {
    if (this.state === "close") {
      this.sink.body(bytes);
      return NOTHING;
    }
    if (this.state === "chunked") {
      const rest = bytes.subarray(this.chunked.push(bytes, this.sink));
      return this.chunked.done ? this.finish(time, rest) : rest;
    }
    const part = bytes.length <= this.left ? bytes : bytes.subarray(0, this.left);
    this.left -= part.length;
    this.sink.body(part);
    if (this.left > 0) return NOTHING;
    return this.finish(time, part === bytes ? NOTHING : bytes.subarray(part.length));
  }

  /** What comes behind an answer belongs to no request: it is dropped, and the connection must not be used again. */
  private finish(time: number, rest: Buffer): Buffer {
    this.state = "idle";
    this.sink.complete(time, this.reusable && rest.length === 0);
    return NOTHING;
  }
}

/** Whether `bytes` begin with a whole head that is known: then its end is theirs. */
const startsWith = (bytes: Buffer, head: Buffer): boolean =>
  bytes.length >= head.length && bytes.compare(head, 0, head.length, 0, head.length) === 0;

/** Part of a head, copied (the bytes are the reader's), with room to grow: a server may send it byte by byte. */
class Carry {
  private bytes: Buffer;
  private length: number;

  constructor(bytes: Buffer) {
    this.bytes = Buffer.from(bytes);
    this.length = bytes.length;
  }

  with(more: Buffer): Buffer {
    const length = this.length + more.length;
    if (length > this.bytes.length) {
      const larger = Buffer.allocUnsafe(2 * length);
      this.bytes.copy(larger, 0, 0, this.length);
      this.bytes = larger;
    }
    more.copy(this.bytes, this.length);
    this.length = length;
    return this.bytes.subarray(0, length);
  }
}

/** Length of the head that `bytes` begin with, its empty line included; −1 without one. Before `known` is no end. */
function endOfHead(bytes: Buffer, known: number): number {
  const from = Math.max(0, known - 2);
  for (let to = Math.min(bytes.length, from + GLANCE_BYTES); ; to = bytes.length) {
    // Line feeds alone are taken for line ends too, as browsers do.
    const hit = /\n\r?\n/.exec(bytes.toString("latin1", from, to));
    if (hit) return from + hit.index + hit[0].length;
    if (to === bytes.length) return -1;
  }
}
