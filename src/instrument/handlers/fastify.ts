/** Fastify tells of each handler on a diagnostics channel of its own (version 5). */
import { subscribe, unsubscribe } from "node:diagnostics_channel";
import type { ServerResponse } from "node:http";
import { quiet } from "../guard";
import type { Routed } from "./routed";

const CHANNEL = "tracing:fastify.request.handler:start";

interface HandlerStart {
  request: { routeOptions?: { url?: string; handler?: unknown } };
  reply: { raw: ServerResponse };
}

/** Calls `found` with each request's route; the result ends it. */
export function observeFastify(found: (response: ServerResponse, routed: Routed) => void): () => void {
  const started = quiet((message: unknown) => {
    const { request, reply } = message as HandlerStart;
    const handler = request.routeOptions?.handler;
    if (typeof handler === "function") found(reply.raw, { handler, route: request.routeOptions?.url ?? "" });
  });
  subscribe(CHANNEL, started);
  return () => {
    unsubscribe(CHANNEL, started);
  };
}
