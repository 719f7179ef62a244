/** Outgoing HTTP requests of a handler, by the diagnostics channels of node:http's client and of undici (fetch). */
import { subscribe, unsubscribe } from "node:diagnostics_channel";
import { ClientRequest } from "node:http";
import { now } from "../../log/clock";
import type { ChildSpan } from "../../model/record";
import { redactTarget } from "../../model/redact";
import type { Exchange } from "../exchange";
import { quiet } from "../guard";
import type { Sources } from "../handlers/sources";
import { onLookup } from "../lookup";
import { Slot } from "../slot";
import { CallSites } from "./call-sites";
import { addChild } from "./child";
import type { Context } from "./context";

interface UndiciRequest {
  method?: string;
  origin?: unknown;
  path?: string;
}

/** A call that is under way. */
interface Call {
  exchange: Exchange;
  name: string;
  start: number;
  source: number;
}

class Calling extends Slot {
  #call: Call;
  private constructor(request: object, call: Call) {
    super(request);
    this.#call = call;
  }
  static of(request: object): Call | undefined {
    return #call in request ? (request as Calling).#call : undefined;
  }
  static put(request: object, call: Call): void {
    if (!(#call in request)) new Calling(request, call);
  }
}

const nodeName = (request: ClientRequest): string =>
  `${request.method} ${request.protocol}//${request.getHeader("host") ?? request.host}${redactTarget(request.path)}`;

const undiciName = ({ method, origin, path }: UndiciRequest): string =>
  `${method ?? "GET"} ${String(origin ?? "")}${redactTarget(path ?? "")}`;

/** Makes outgoing requests children of the exchange that they belong to; the result ends it. */
export function observeOutgoing(context: Context, sources: Sources | null): () => void {
  const sites = new CallSites(sources);
  const begin = <R extends object>(request: R, nameOf: (request: R) => string): void => {
    const exchange = Calling.of(request) ? undefined : context.current();
    if (!exchange) return;
    const name = nameOf(request);
    Calling.put(request, { exchange, name, start: now(), source: sites.take(exchange, name) });
  };
  const end = quiet((message: unknown) => {
    const call = Calling.of((message as { request: object }).request);
    if (!call) return;
    const { exchange, name, start, source } = call;
    const child: ChildSpan = { kind: "http", name, start, duration: now() - start };
    if (source) child.source = source;
    addChild(exchange, child);
  });
  const channels: Record<string, (message: unknown) => void> = {
    "http.client.request.start": quiet((message: unknown) => {
      const { request } = message as { request: ClientRequest };
      begin(request, nodeName);
    }),
    "http.client.response.finish": end,
    "http.client.request.error": end,
    "undici:request:create": quiet((message: unknown) => {
      const { request } = message as { request: UndiciRequest };
      begin(request, undiciName);
    }),
    "undici:request:trailers": end,
    "undici:request:error": end,
  };
  for (const [name, listener] of Object.entries(channels)) subscribe(name, listener);
  // By the time that a request is sent, its caller is gone from the stack, and it has waited for a connection.
  const undo = [
    onLookup(ClientRequest.prototype, "end", (request) => begin(request as ClientRequest, nodeName)),
    onLookup(globalThis, "fetch", () => {
      const exchange = context.current(true);
      if (exchange) sites.note(exchange);
    }),
  ];
  return () => {
    for (const take of undo) take();
    for (const [name, listener] of Object.entries(channels)) unsubscribe(name, listener);
  };
}
