/** The text of a document or a style sheet, from the bytes as received. */
import { brotliDecompressSync, gunzipSync, inflateRawSync, inflateSync } from "node:zlib";
import type { Exchange } from "../exchange";

/** What the probe's requests say that it understands. */
export const ACCEPT_ENCODING = "gzip, deflate, br";

/** More text than this is not looked through: a small answer can unpack to a huge one. */
export const MAX_TEXT_BYTES = 32 * 1024 * 1024;

/** Null where the body cannot be unpacked. */
export function textOf(exchange: Exchange): string | null {
  try {
    const bytes = unpack(Buffer.concat(exchange.body ?? []), exchange.head?.headers.get("content-encoding") ?? "");
    return new TextDecoder(charsetOf(exchange, bytes)).decode(bytes);
  } catch {
    return null;
  }
}

function unpack(bytes: Buffer, codings: string): Buffer {
  const limit = { maxOutputLength: MAX_TEXT_BYTES };
  return codings
    .split(",")
    .reverse()
    .reduce((packed, coding) => {
      switch (coding.trim().toLowerCase()) {
        case "":
        case "identity":
          return packed;
        case "gzip":
        case "x-gzip":
          return gunzipSync(packed, limit);
        case "br":
          return brotliDecompressSync(packed, limit);
        case "deflate":
          // Some servers send the bare stream (RFC 9110, 8.4.1.2).
          return (packed[0]! & 0x0f) === 8 ? inflateSync(packed, limit) : inflateRawSync(packed, limit);
        default:
          throw new Error(`unknown content coding ${coding}`);
      }
    }, bytes);
}

/** By the header, else by a `meta` or `@charset` near the beginning, else UTF-8; an unknown name counts as none. */
function charsetOf(exchange: Exchange, bytes: Buffer): string {
  const stated = /charset\s*=\s*["']?([^\s"';]+)/i.exec(exchange.head?.headers.get("content-type") ?? "")?.[1];
  const written = /charset\s*=?\s*["']?([\w-]+)/i.exec(bytes.toString("latin1", 0, 1024))?.[1];
  for (const name of [stated, written])
    if (name !== undefined)
      try {
        return new TextDecoder(name).encoding;
      } catch {
        // Not a name that the Encoding Standard knows.
      }
  return "utf-8";
}
