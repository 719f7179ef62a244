/**
 * The request handler. The first of the critical regions (docs/architecture.md): processing the request. Of its three
 * parts only a PUT changes what others see, and only that part takes a lock.
 */
import type { IncomingMessage, ServerResponse } from "node:http";
import type { Instrument } from "../instrument";
import { checkHead, checkOrigin } from "./admit";
import { type Answer, Refusal, type Source } from "./answer";
import { answerCgi } from "./cgi/answer";
import { openInside } from "./files/opened";
import { answerFile, sourceOf } from "./files/static";
import type { Limits } from "./limits";
import { answerRefusal, constructHttpResponse } from "./send";
import type { Site } from "./site";
import { parseTarget, type Target } from "./target";

export interface HandlerContext {
  site: Site;
  limits: Limits;
  hosts: ReadonlySet<string>;
  instrument: Instrument;
}

const READ_METHODS = "GET, HEAD, OPTIONS";

/** The segments below the script prefix; null where the target is not below it. */
function belowScripts(site: Site, target: Target): string[] | null {
  const prefix = site.scriptPrefix.split("/").filter(Boolean);
  if (target.segments.length < prefix.length || !prefix.every((part, index) => part === target.segments[index]))
    return null;
  return target.segments.slice(prefix.length);
}

async function processHttpRequest(
  { site, limits, hosts, instrument }: HandlerContext,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<Answer> {
  checkHead(request, limits, hosts);
  const { method = "GET" } = request;
  const root: Source = { name: method, file: site.documents };
  if (request.url === "*" && method === "OPTIONS")
    return { status: 204, headers: { Allow: READ_METHODS }, body: null, source: root };
  const target = parseTarget(request.url ?? "/");
  const below = belowScripts(site, target);
  const allow = below ? "GET, HEAD, POST, OPTIONS" : READ_METHODS;
  if (method === "OPTIONS") return { status: 204, headers: { Allow: allow }, body: null, source: root };
  if (below) {
    checkOrigin(request);
    if (!site.scripts) throw new Refusal(404, "There are no programs on this site.");
    const context = { scripts: site.scripts, prefix: site.scriptPrefix, limits };
    return answerCgi(context, below, target, request, (span) => instrument.addChild(response, span));
  }
  if (method === "GET" || method === "HEAD") return answerFile(site, target, request);
  throw new Refusal(405, "This method is not for files.", { Allow: allow });
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
  return missing ?? answerRefusal(refusal, refusal.source ?? { name: String(refusal.status), file: site.documents });
}

/** Answers one request, whatever comes. */
export async function handleRequest(
  context: HandlerContext,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  let answer: Answer;
  try {
    answer = await processHttpRequest(context, request, response);
  } catch (error) {
    answer = await answerFault(context.site, error);
  }
  context.instrument.setHandler(response, answer.source);
  // What is left of a body would have to be read before the next request could be.
  if (!request.complete) response.setHeader("Connection", "close");
  try {
    await constructHttpResponse(request, response, answer);
  } catch {
    // The peer is gone, or a program has failed in the middle of its answer: only a broken connection can say so.
    response.destroy();
  }
}
