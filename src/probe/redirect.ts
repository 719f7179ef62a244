/** A request with its redirects: each hop is a request of its own. */
import type { Client } from "./client";
import type { Exchange, ProbeRequest } from "./exchange";
import { type HeaderFields, withoutContent, withUserOf } from "./headers";
import { originOf, parseUrl, targetOf } from "./origin";

/** As many as browsers follow. */
const MAX_HOPS = 20;

export interface Answer {
  /** The last hop. */
  exchange: Exchange;
  /** Its URL, without fragment. */
  url: URL;
}

/** Where and how a redirect goes on; null where the answer is none. Throws a UrlError where it cannot be followed. */
function nextHop(exchange: Exchange, from: URL): { url: URL; method: string } | null {
  const { head, request } = exchange;
  const location = head?.headers.get("location");
  if (!head || location === undefined || ![301, 302, 303, 307, 308].includes(head.status)) return null;
  const url = parseUrl(location, from.href);
  originOf(url);
  url.hash = "";
  const becomesGet = head.status === 303 ? request.method !== "HEAD" : head.status < 303 && request.method === "POST";
  return { url, method: becomesGet ? "GET" : request.method };
}

/** A header of the user's own may be a secret of the first host. */
function headersFor(headers: HeaderFields | undefined, sameOrigin: boolean, sameMethod: boolean) {
  if (!sameOrigin || !headers) return undefined;
  return sameMethod ? headers : withoutContent(headers);
}

/** Sends the request and follows where it is redirected to; `request.origin` and `target` are taken from `url`. */
export async function follow(
  client: Client,
  url: URL,
  request: Omit<ProbeRequest, "origin" | "target">,
  follows = true,
): Promise<Answer> {
  let at = url;
  let next: Omit<ProbeRequest, "origin" | "target"> = { ...request, headers: withUserOf(url, request.headers) };
  for (let hops = 0; ; hops++) {
    let onward: ReturnType<typeof nextHop> = null;
    const exchange = await client.fetch({ ...next, origin: originOf(at), target: targetOf(at) }, (settled) => {
      if (settled.outcome !== "complete" || !follows) return;
      try {
        onward = nextHop(settled, at);
        if (onward && hops === MAX_HOPS) throw new Error(`it goes on after ${MAX_HOPS} hops, to ${onward.url.href}`);
      } catch (error) {
        onward = null;
        settled.outcome = "failed";
        settled.error = `the redirect cannot be followed: ${(error as Error).message}`;
      }
    });
    if (!onward) return { exchange, url: at };
    const { url: to, method }: { url: URL; method: string } = onward;
    next = {
      ...next,
      method,
      body: method === next.method ? next.body : undefined,
      hop: exchange.req,
      headers: headersFor(next.headers, to.origin === at.origin, method === next.method),
    };
    at = to;
  }
}
