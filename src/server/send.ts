/** An answer → the response. The second of the critical regions (docs/server.md): constructing the response. */
import { type IncomingMessage, type ServerResponse, STATUS_CODES } from "node:http";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { Answer, FilePart, Refusal, Source } from "./answer";

/** Up to this size a file is read at once and leaves in one write, header and all. */
const AT_ONCE = 64 * 1024;
/** A thousand slow readers hold a thousand of these. */
const CHUNK = 64 * 1024;

/** Answers that a refused request gets: a short page in words. */
export function answerRefusal(refusal: Refusal, source: Source): Answer {
  const { status } = refusal;
  const title = `${status} ${STATUS_CODES[status] ?? "Unknown"}`;
  const body = Buffer.from(
    `<!DOCTYPE html>\n<html lang="en">\n<title>${title}</title>\n<h1>${title}</h1>\n<p>${refusal.message}</p>\n</html>\n`,
  );
  const headers = {
    ...refusal.headers,
    "Content-Type": "text/html; charset=utf-8",
    "Content-Length": String(body.length),
  };
  return { status, headers, body, source };
}

async function sendFile({ handle, start, end }: FilePart, response: ServerResponse): Promise<void> {
  if (end - start > AT_ONCE) {
    const stream = handle.createReadStream({ start, end: end - 1, highWaterMark: CHUNK, autoClose: false });
    return pipeline(stream, response);
  }
  const buffer = Buffer.allocUnsafe(end - start);
  let filled = 0;
  while (filled < buffer.length) {
    const { bytesRead } = await handle.read(buffer, filled, buffer.length - filled, start + filled);
    if (bytesRead === 0) break;
    filled += bytesRead;
  }
  // A file that shrank while it was read: its promised length cannot be kept, and a broken connection says so.
  if (filled < buffer.length) response.destroy();
  else response.end(buffer);
}

const dispose = async (body: Answer["body"]): Promise<void> => {
  if (body instanceof Readable) body.destroy();
  else if (body && "handle" in body) await body.handle.close();
};

/** Sends the answer, all of it unless the peer goes away, and lets go of what it holds. */
export async function constructHttpResponse(
  request: IncomingMessage,
  response: ServerResponse,
  answer: Answer,
): Promise<void> {
  const { status, headers, body } = answer;
  try {
    if (response.destroyed) return;
    response.writeHead(status, headers);
    if (body === null || request.method === "HEAD") response.end();
    else if (body instanceof Readable) await pipeline(body, response);
    else if (Buffer.isBuffer(body)) response.end(body);
    else await sendFile(body, response);
  } finally {
    await dispose(body);
  }
}
