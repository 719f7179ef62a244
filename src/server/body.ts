/** A request's body, with its limits. */
import type { IncomingMessage } from "node:http";
import { Refusal } from "./answer";
import type { Limits } from "./limits";

/** Whether a body is announced. */
export const hasBody = ({ headers }: IncomingMessage): boolean =>
  headers["transfer-encoding"] !== undefined || Number(headers["content-length"] ?? 0) > 0;

/** The body's chunks. Refuses one that grows over the limit; fails when the peer goes away before its end. */
export async function* bodyOf(request: IncomingMessage, limits: Limits): AsyncGenerator<Buffer> {
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > limits.bodyBytes) throw new Refusal(413, "The body is too large.");
    yield chunk;
  }
  if (!request.complete) throw new Refusal(400, "The request was broken off.");
}
