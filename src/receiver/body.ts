/** A request's body, unpacked, within a limit: what is sent is hostile until it is read. */
import type { IncomingMessage } from "node:http";
import { pipeline } from "node:stream/promises";
import { createGunzip } from "node:zlib";

/** Of the body as sent, and again of what it unpacks to. */
const MAX_BYTES = 16 << 20;

export class BodyError extends Error {
  constructor(
    readonly status: number,
    message: string,
  ) {
    super(message);
  }
}

export async function readBody(request: IncomingMessage): Promise<Buffer> {
  const encoding = request.headers["content-encoding"] ?? "identity";
  if (encoding !== "identity" && encoding !== "gzip")
    throw new BodyError(415, `content encoding ${encoding} is not read`);
  const parts: Buffer[] = [];
  let size = 0;
  const collect = async (source: AsyncIterable<Buffer>): Promise<void> => {
    for await (const part of source) {
      size += part.length;
      if (size > MAX_BYTES) return;
      parts.push(part);
    }
  };
  try {
    if (encoding === "gzip") await pipeline(request, createGunzip(), collect);
    else await collect(request);
  } catch {
    // Leaving a stream early fails the pipeline too: that is told below.
    if (size <= MAX_BYTES) throw new BodyError(400, "the body cannot be read");
  }
  if (size > MAX_BYTES) throw new BodyError(413, `more than ${MAX_BYTES} bytes`);
  return Buffer.concat(parts);
}
