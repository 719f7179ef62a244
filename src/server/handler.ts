/**
 * The request handler. The first of the critical regions (docs/server.md): processing the request. Of all its parts only a
 * PUT changes what others see, and only that part takes a lock.
 */
import type { IncomingMessage, ServerResponse } from "node:http";
import type { Instrument } from "../instrument";
import type { ChildSpan } from "../model/record";
import { checkHead, checkHost, checkOrigin } from "./admit";
import { type Answer, Refusal, type Source } from "./answer";
import { answerCgi } from "./cgi/answer";
import type { KeptPrograms } from "./cgi/persistent";
import { openInside } from "./files/opened";
import { answerPut } from "./files/put";
import { answerFile, sourceOf } from "./files/static";
import type { Limits } from "./limits";
import { acquireTimed, type LockMode, type Locks, type Release } from "./locks/locks";
import { answerRefusal, constructHttpResponse } from "./send";
import { below, type Site } from "./site";
import { parseTarget } from "./target";

export interface HandlerContext {
  site: Site;
  limits: Limits;
  hosts: ReadonlySet<string>;
  locks: Locks;
  lockMode: LockMode;
  /** null where every request gets a process of its own. */
  programs: KeptPrograms | null;
  instrument: Instrument;
}

interface Exchange {
  context: HandlerContext;
  request: IncomingMessage;
  response: ServerResponse;
  report(span: ChildSpan): void;
}

async function processHttpRequest({ context, request, response, report }: Exchange): Promise<Answer> {
  const { site, limits, hosts, locks, programs } = context;
  checkHead(request, limits, hosts);
  const { method = "GET", url = "/" } = request;
  const options = (allow: string): Answer => ({
    status: 204,
    headers: { Allow: allow },
    body: null,
    source: { name: method, file: site.documents },
  });
  if (url === "*" && method === "OPTIONS") return options("GET, HEAD, OPTIONS");
  const target = parseTarget(url);
  if (target.host !== null) checkHost(target.host, hosts);
  const script = below(site.scriptPrefix, target.segments);
  if (script) {
    if (!site.scripts) throw new Refusal(404, "There are no programs on this site.");
    if (method === "OPTIONS") return options("GET, HEAD, POST, OPTIONS");
    if (method === "PUT") throw new Refusal(405, "Programs are not written.", { Allow: "GET, HEAD, POST, OPTIONS" });
    checkOrigin(request);
    const cgi = { scripts: site.scripts, prefix: site.scriptPrefix, limits, locks, programs, report };
    return answerCgi(cgi, script, target.query, request, response);
  }
  const writable = site.writable && below(site.writablePrefix, target.segments);
  const allow = writable ? "GET, HEAD, PUT, OPTIONS" : "GET, HEAD, OPTIONS";
  if (method === "OPTIONS") return options(allow);
  if (method === "GET" || method === "HEAD") return answerFile(site, target, request);
  if (method !== "PUT" || !writable) throw new Refusal(405, "This method is not for this file.", { Allow: allow });
  checkOrigin(request);
  if (target.folder) throw new Refusal(409, "This is not the name of a file.");
  const put = {
    writable: site.writable!,
    scripts: site.scripts,
    limits,
    locks: context.lockMode === "file" ? locks : null,
    report,
  };
  return answerPut(put, writable, request, response);
}

/** A site may have a page of its own for what it does not have. */
async function answerMissing(site: Site, refusal: Refusal): Promise<Answer | null> {
  if (refusal.status !== 404) return null;
  try {
    const { handle, path, size } = await openInside(site.documents, ["404.html"]);
    const headers = { "Content-Type": "text/html; charset=utf-8", "Content-Length": String(size) };
    return { status: 404, headers, body: { handle, start: 0, end: size }, source: sourceOf(path) };
  } catch {
    return null;
  }
}

async function answerFault(site: Site, error: unknown): Promise<Answer> {
  const refusal = error instanceof Refusal ? error : new Refusal(500, "The server has failed.");
  const missing = await answerMissing(site, refusal);
  // Nothing of the site answered: its root stands for it. Never the path that was asked for: it is the peer's to choose.
  const source: Source = refusal.source ?? { name: String(refusal.status), file: site.documents };
  return missing ?? answerRefusal(refusal, source);
}

async function answerOrRefuse(exchange: Exchange): Promise<Answer> {
  try {
    return await processHttpRequest(exchange);
  } catch (error) {
    return answerFault(exchange.context.site, error);
  }
}

async function answerRequest(exchange: Exchange, answer: Answer): Promise<void> {
  const { context, request, response } = exchange;
  context.instrument.setHandler(response, answer.source);
  // What is left of a body would have to be read before the next request could be.
  if (!request.complete) response.setHeader("Connection", "close");
  // Where this fails the peer is gone, or a program has failed in the middle of its answer: a broken connection says so.
  await constructHttpResponse(request, response, answer).catch(() => response.destroy());
}

/** Answers one request, whatever comes. */
export async function handleRequest(
  context: HandlerContext,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const report = (span: ChildSpan): void => context.instrument.addChild(response, span);
  const exchange = { context, request, response, report };
  if (context.lockMode !== "handler") return answerRequest(exchange, await answerOrRefuse(exchange));
  let release: Release | null = null;
  try {
    const lock = { name: "handler", label: "handler", patience: context.limits.lockTimeout, report };
    release = await acquireTimed(context.locks, lock);
    await answerRequest(exchange, await answerOrRefuse(exchange));
  } catch (error) {
    await answerRequest(exchange, await answerFault(context.site, error));
  } finally {
    release?.();
  }
}
