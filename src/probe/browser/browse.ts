/** Loads pages in a browser, each in a context of its own (no cache, no connection, no cookie of an earlier one). */
import { setTimeout as delay } from "node:timers/promises";
import { now } from "../../log/clock";
import type { Recorder } from "../recorder";
import type { Visited } from "../visit";
import type { DevTools, DevToolsEvent } from "./devtools";
import { type Browser, type LaunchOptions, launchBrowser } from "./launch";
import { type Connections, connectionsOf, traceNetwork } from "./net-trace";
import { NetworkRecorder } from "./network";
import { isSent, recordsOf, stamper } from "./records";
import { rest } from "./rest";

export interface BrowsePlan extends LaunchOptions {
  urls: readonly URL[];
  count: number;
  /** Seconds for one page. */
  timeout: number;
  headers: readonly (readonly [name: string, value: string])[];
}

/**
 * A page is done when nothing has happened for so long behind its load event. Where a script does not read an answer
 * the browser never calls it finished; a slow answer must not be taken for one of those.
 */
const QUIET_MS = { idle: 500, unread: 2_000, busy: Number.POSITIVE_INFINITY };
const LOOK_EVERY_MS = 20;

/** What a target asks for before anybody listens would be missed: it waits. */
const ATTACH = { autoAttach: true, waitForDebuggerOnStart: true, flatten: true };

/** Moments of a page that are worth a line. */
const MOMENTS: Record<string, string> = {
  DOMContentLoaded: "DOM content loaded",
  load: "load",
  firstPaint: "first paint",
  firstContentfulPaint: "first contentful paint",
};

/** Visits until all is done or `signal` is aborted. Rejects where the browser cannot be driven. */
export async function browse(
  plan: BrowsePlan,
  recorder: Recorder,
  signal: AbortSignal,
  seen: (visited: Visited) => void,
  slot?: number,
): Promise<void> {
  const browser = await launchBrowser(plan);
  try {
    for (let pass = 1; pass <= plan.count; pass++)
      for (const url of plan.urls) {
        if (signal.aborted) return;
        await loadPage(browser, url, plan, slot ?? (plan.count > 1 ? pass : undefined), recorder, signal, seen);
      }
  } finally {
    await browser.close();
  }
}

async function loadPage(
  { devtools }: Browser,
  url: URL,
  plan: BrowsePlan,
  pass: number | undefined,
  recorder: Recorder,
  signal: AbortSignal,
  seen: (visited: Visited) => void,
): Promise<void> {
  const { browserContextId } = await devtools.send("Target.createBrowserContext");
  const { targetId } = await devtools.send("Target.createTarget", { url: "about:blank", browserContextId });
  const page = new Page(devtools, targetId as string, () => recorder.number());
  try {
    await page.open(plan.headers);
    const endTrace = await traceNetwork(devtools).catch((error: Error) => () => Promise.reject(error));
    await rest(devtools, signal);
    await page.load(url, plan.timeout, signal);
    const connections = await endTrace()
      .then(connectionsOf)
      .then((found) => {
        if (found.size === 0 && page.network.requests.some(isSent)) throw new Error("the browser's trace has none");
        return found;
      })
      .catch((error: Error): Connections => {
        const coarse = "an answer's end is when the page heard of it";
        recorder.event("the browser's connections are not known", now(), `${error.message}; ${coarse}`);
        return new Map();
      });
    const { requests, mainDocument } = page.network;
    const records = recordsOf(requests, connections, page.left);
    for (const record of records) recorder.record({ ...record, pass });
    if (mainDocument) {
      const at = stamper(mainDocument);
      for (const { name, time } of page.moments) recorder.event(MOMENTS[name]!, at(time), undefined, mainDocument.req);
    }
    const record = records.find(({ req }) => req === mainDocument?.req);
    const isWhole = record !== undefined && record.state === undefined;
    seen({
      url: url.href,
      method: "GET",
      status: record?.status ?? null,
      bytes: record?.bytes ?? 0,
      clientResponse: isWhole && record.requestStart !== undefined ? record.responseEnd! - record.requestStart : null,
      error: isWhole ? null : (record?.error ?? page.error ?? "the browser did not request it"),
    });
  } finally {
    await devtools.send("Target.disposeBrowserContext", { browserContextId }).catch(() => {});
  }
}

class Page {
  readonly network: NetworkRecorder;
  /** s, monotonic. */
  readonly moments: { name: string; time: number }[] = [];
  error: string | null = null;
  /** Why what is still under way has no end. */
  left = "the page was left before the answer was complete";
  private hasLoaded = false;
  private session = "";
  /** A service worker may be told of by the page and by the browser. */
  private readonly watched = new Set<string>();

  constructor(
    private readonly devtools: DevTools,
    private readonly target: string,
    number: () => number,
  ) {
    // A page's main frame has the id of its target.
    this.network = new NetworkRecorder(target, number);
  }

  async open(headers: BrowsePlan["headers"]): Promise<void> {
    this.devtools.onEvent = (event) => this.handle(event);
    const { sessionId } = await this.devtools.send("Target.attachToTarget", { targetId: this.target, flatten: true });
    this.session = sessionId as string;
    await this.watch(this.session);
    // Service workers belong to no page: the browser itself tells of them.
    await this.devtools.send("Target.setAutoAttach", { ...ATTACH, filter: [{ type: "service_worker" }] });
    await this.devtools.send("Page.enable", {}, this.session);
    await this.devtools.send("Page.setLifecycleEventsEnabled", { enabled: true }, this.session);
    if (headers.length)
      await this.devtools.send("Network.setExtraHTTPHeaders", { headers: Object.fromEntries(headers) }, this.session);
  }

  /** Resolves when the page is quiet behind its load event, at the time-out, or when it is to stop. */
  async load(url: URL, timeout: number, signal: AbortSignal): Promise<void> {
    // Answered only when the document begins to arrive.
    this.devtools.send("Page.navigate", { url: url.href }, this.session).then(
      ({ errorText }) => {
        if (typeof errorText === "string") this.error = `the browser says ${errorText.replace(/^net::/, "")}`;
      },
      (error: Error) => {
        this.error = error.message;
      },
    );
    let changes = -1;
    let quietSince = Date.now();
    for (const deadline = Date.now() + timeout * 1000; Date.now() < deadline && !signal.aborted; ) {
      if (changes !== this.network.changes) quietSince = Date.now();
      changes = this.network.changes;
      // A document that breaks off has no load event.
      const isOver = this.hasLoaded || this.error !== null || Boolean(this.network.mainDocument?.error);
      if (isOver && Date.now() - quietSince >= QUIET_MS[this.network.state]) return;
      await delay(LOOK_EVERY_MS);
    }
    if (!signal.aborted) this.left = `there was no complete answer within ${timeout} s`;
  }

  /** Frames of other sites and workers are targets of their own. */
  private async watch(session: string): Promise<void> {
    await Promise.all([
      this.devtools.send("Network.enable", {}, session),
      this.devtools.send("Target.setAutoAttach", ATTACH, session),
    ]);
  }

  private handle({ method, params, sessionId = "" }: DevToolsEvent): void {
    if (method.startsWith("Network.")) this.network.handle(method, params, sessionId);
    else if (method === "Target.attachedToTarget") {
      const session = params.sessionId as string;
      const target = (params.targetInfo as { targetId: string }).targetId;
      if (session === this.session || this.session === "") return;
      // In this order, but not one after the other's answer: a target that waits does not answer all of them.
      if (!this.watched.has(target)) this.watch(session).catch(() => {});
      this.watched.add(target);
      this.devtools.send("Runtime.runIfWaitingForDebugger", {}, session).catch(() => {});
    } else if (method === "Page.lifecycleEvent" && params.frameId === this.target) {
      const name = params.name as string;
      // Those of about:blank are not the page's.
      if (!this.network.mainDocument) return;
      if (name in MOMENTS) this.moments.push({ name, time: params.timestamp as number });
      if (name === "load") this.hasLoaded = true;
    }
  }
}
