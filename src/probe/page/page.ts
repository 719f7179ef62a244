/** A page with all that it embeds, each address once, as a browser with an empty cache loads it. */
import type { ResourceKind } from "../../model/record";
import type { Client } from "../client";
import type { ProbeRequest } from "../exchange";
import { kindOf } from "../kind";
import { parseUrl } from "../origin";
import { type Answer, follow } from "../redirect";
import { MAX_TEXT_BYTES, textOf } from "./content";
import { styleReferences } from "./css";
import { documentReferences } from "./html";

/** Bounds for pages of strangers. */
const MAX_RESOURCES = 5_000;
const MAX_DEPTH = 8;

/** What every request of a pass has in common. */
export type Common = Pick<ProbeRequest, "headers" | "pass" | "warmup">;

/** Resolves when the last resource has ended, with the document's answer. */
export async function loadPage(client: Client, url: URL, request: Common & { method: string }): Promise<Answer> {
  const answer = await follow(client, url, { ...request, keep: MAX_TEXT_BYTES, expected: "document" });
  const { method: _, ...common } = request;
  await new Page(client, common, answer).load();
  return answer;
}

class Page {
  private readonly seen = new Set<string>();

  constructor(
    private readonly client: Client,
    private readonly common: Common,
    private readonly document: Answer,
  ) {
    this.seen.add(document.url.href);
  }

  load(): Promise<void> {
    return this.read(this.document, "document", 0);
  }

  private async read({ exchange, url }: Answer, expected: ResourceKind, depth: number): Promise<void> {
    if (exchange.outcome !== "complete" || depth > MAX_DEPTH) return;
    const kind = kindOf(exchange.head?.headers.get("content-type"), expected);
    if (kind !== "document" && kind !== "style") return;
    const text = textOf(exchange);
    // The bytes have served their purpose; the answer itself lives on until the page is done.
    exchange.body = null;
    if (text === null) return;
    if (kind === "document") await this.readDocument(text, url, depth);
    else await this.readStyle(text, url, depth);
  }

  private async readDocument(html: string, url: URL, depth: number): Promise<void> {
    if (depth > MAX_DEPTH) return;
    const { base, references, inline } = documentReferences(html);
    const baseUrl = (base !== null && resolve(base, url)) || url;
    await Promise.all([
      ...references.map((reference) => this.fetch(reference.url, baseUrl, reference.kind, depth + 1)),
      ...inline.map((srcdoc) => this.readDocument(srcdoc, baseUrl, depth + 1)),
    ]);
  }

  private async readStyle(css: string, url: URL, depth: number): Promise<void> {
    const { imports, images } = styleReferences(css);
    await Promise.all([
      ...imports.map((address) => this.fetch(address, url, "style", depth + 1)),
      ...images.map((address) => this.fetch(address, url, "image", depth + 1)),
    ]);
  }

  private async fetch(address: string, base: URL, kind: ResourceKind, depth: number): Promise<void> {
    const url = resolve(address, base);
    if (!url || this.seen.has(url.href) || this.seen.size >= MAX_RESOURCES) return;
    this.seen.add(url.href);
    const answer = await follow(this.client, url, {
      ...this.common,
      method: "GET",
      headers: url.origin === this.document.url.origin ? this.common.headers : undefined,
      page: this.document.exchange.req,
      expected: kind,
      keep: kind === "document" || kind === "style" ? MAX_TEXT_BYTES : 0,
    });
    await this.read(answer, kind, depth);
  }
}

/** The address without fragment; null where it is none, or nothing to ask a server for (`data:` and the like). */
function resolve(address: string, base: URL): URL | null {
  try {
    const url = parseUrl(address, base.href);
    url.hash = "";
    return url.protocol === "http:" || url.protocol === "https:" ? url : null;
  } catch {
    return null;
  }
}
