/** One URL at a time, alone or as a page, as often as asked: the methodology's procedure. */
import type { Client } from "./client";
import type { Exchange } from "./exchange";
import { type Common, loadPage } from "./page/page";
import { follow } from "./redirect";

export interface VisitPlan {
  urls: readonly URL[];
  /** With all that the page embeds. */
  page: boolean;
  /** Passes over all URLs. */
  count: number;
  method: string;
  body?: Buffer;
}

export interface Visited {
  url: string;
  method: string;
  status: number | null;
  bytes: number;
  /** µs; null where there is no whole answer. */
  clientResponse: number | null;
  error: string | null;
}

/** Visits until all is done or `client` is stopped; `seen` is told of each URL of each pass. */
export async function visit(
  client: Client,
  plan: VisitPlan,
  common: Common,
  seen: (visited: Visited) => void,
): Promise<void> {
  const { method, body } = plan;
  for (let pass = 1; pass <= plan.count; pass++)
    for (const url of plan.urls) {
      if (client.hasStopped) return;
      const request = { ...common, method, body, pass: common.pass ?? (plan.count > 1 ? pass : undefined) };
      const { exchange } = await (plan.page ? loadPage(client, url, request) : follow(client, url, request));
      seen(visitedOf(url, exchange));
    }
}

export function visitedOf(url: URL, exchange: Exchange): Visited {
  const { head, bytes, error, outcome, responseEnd, requestStart, request } = exchange;
  return {
    url: url.href,
    method: request.method,
    status: head?.status ?? null,
    bytes,
    clientResponse: outcome === "complete" ? responseEnd - requestStart : null,
    error: error || null,
  };
}
