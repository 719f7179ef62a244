/** Express 4 and 5, and what builds on them: a request that a route has matched carries the route. */
import type { ServerResponse } from "node:http";
import type { Routed } from "./routed";

interface ExpressRequest {
  baseUrl?: string;
  route?: { path?: unknown; stack?: { handle?: unknown; method?: string }[] };
}

/** The route's last function for the method; the ones before it are its middleware. */
export function expressRoute(response: ServerResponse): Routed | null {
  const { baseUrl, route } = response.req as ExpressRequest;
  const stack = route?.stack;
  if (!Array.isArray(stack) || stack.length === 0) return null;
  const method = response.req.method?.toLowerCase();
  const layer = stack.findLast((one) => !one.method || one.method === method) ?? stack.at(-1)!;
  if (typeof layer.handle !== "function") return null;
  return { handler: layer.handle, route: `${baseUrl ?? ""}${String(route!.path ?? "")}` };
}
