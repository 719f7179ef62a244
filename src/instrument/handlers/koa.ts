/** Koa with its router: the context of a request, which Koa makes and nothing of Node's leads to, carries the route. */
import type { ServerResponse } from "node:http";
import { createRequire } from "node:module";
import { onLookup } from "../lookup";
import type { Routed } from "./routed";

const APPLICATION = /[\\/]node_modules[\\/]koa[\\/]lib[\\/]application\.js$/;

type CreateContext = (request: object, response: ServerResponse) => KoaContext;

interface KoaContext {
  method?: string;
  /** Pattern of the route that answers. */
  _matchedRoute?: unknown;
  /** The router's layers that match the path, middleware among them. */
  matched?: { methods?: string[]; stack?: unknown[] }[];
}

/** Hooks the Koa classes that are loaded by now, to learn each response's context. */
export function observeKoa(made: (response: ServerResponse, routed: () => Routed | null) => void): () => void {
  const cache = createRequire(__filename).cache;
  const undo = Object.keys(cache)
    .filter((file) => APPLICATION.test(file))
    .map((file) => {
      const Application = cache[file]!.exports as { prototype: object };
      return onLookup(Application.prototype, "createContext", (_, method) => {
        const create = method as unknown as CreateContext;
        return function (this: object, request: object, response: ServerResponse) {
          const context = create.call(this, request, response);
          made(response, () => koaRoute(context));
          return context;
        } as never;
      });
    });
  return () => {
    for (const take of undo) take();
  };
}

/** The last function of the last layer that is for the request's method. */
function koaRoute(context: KoaContext): Routed | null {
  const layer = context.matched?.findLast((one) => one.methods?.includes(context.method ?? ""));
  const handler = layer?.stack?.at(-1);
  return typeof handler === "function" ? { handler, route: String(context._matchedRoute ?? "") } : null;
}
