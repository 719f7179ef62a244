/**
 * Bytes of a response's body whose length no header tells. Node hands a chunk over in four calls: its size in hex,
 * CRLF, its data (in one or more pieces), CRLF; only the data counts.
 */
import type { Exchange } from "./exchange";
import type { Method } from "./lookup";

type Send = (
  data: string | Uint8Array,
  encoding?: BufferEncoding | null,
  callback?: unknown,
  bytes?: number,
) => unknown;

/** What the next call hands over. */
type Part = "size" | "break" | "data" | "end";

export class BodyCount {
  bytes = 0;
  private part: Part = "size";
  private left = 0;

  /** One call's data in a chunked response. */
  chunked(data: string | Uint8Array, length: number): void {
    if (length === 0) return;
    if (this.part === "size") {
      this.left = Number.parseInt(String(data), 16) || 0;
      this.bytes += this.left;
      this.part = "break";
    } else if (this.part === "break") this.part = "data";
    else if (this.part === "data") {
      this.left -= length;
      if (this.left <= 0) this.part = "end";
    } else this.part = "size";
  }
}

/** `send` (OutgoingMessage's `_send`) for one call, with its data counted into the exchange. */
export function countedSend(exchange: Exchange, send: Method): Method {
  exchange.counted ??= new BodyCount();
  const body = exchange.counted;
  return function (this: { chunkedEncoding?: boolean }, ...args: Parameters<Send>) {
    const [data, encoding, , bytes] = args;
    const length = bytes ?? (typeof data === "string" ? Buffer.byteLength(data, encoding ?? "utf8") : data.byteLength);
    if (this.chunkedEncoding) body.chunked(data, length);
    else body.bytes += length;
    exchange.bytes = body.bytes;
    return (send as Send).apply(this, args);
  } as unknown as Method;
}
