/**
 * The campus page in a browser that is watched as the probe watches it, and in one that nobody watches: R C of each object as
 * the page itself tells it afterwards (Resource Timing), as the probe tells it, and what the browser's threads have used.
 */
import { setTimeout as delay } from "node:timers/promises";
import type { DevTools } from "../../src/probe/browser/devtools";
import { launchBrowser } from "../../src/probe/browser/launch";
import { connectionsOf, traceNetwork } from "../../src/probe/browser/net-trace";
import { NetworkRecorder } from "../../src/probe/browser/network";
import { recordsOf } from "../../src/probe/browser/records";
import { rest } from "../../src/probe/browser/rest";
import type { Value } from "./agreement";
import { addUsed, type Share, threadsNow } from "./threads";

export interface PageLoads {
  /** By the page's own Resource Timing. */
  own: Value[];
  /** By the probe; none where nobody watches. */
  probed: Value[];
  /** Of the browser's threads and the server's, ms of all loads. */
  threads: Map<string, Share>;
  /** From the navigation to the load event, ms. */
  loaded: number[];
}

/** Behind the load event: the probe waits as long for a page to be quiet. */
const QUIET_MS = 500;
const LOADED = `new Promise((resolve) => {
  const loaded = () => setTimeout(() => resolve(performance.now()), 0);
  document.readyState === "complete" ? loaded() : addEventListener("load", loaded);
})`;
const ENTRIES = `[...performance.getEntriesByType("navigation"), ...performance.getEntriesByType("resource")]
  .map(({ name, requestStart, responseEnd }) => ({ path: new URL(name).pathname, value: responseEnd - requestStart }))`;

async function processes(devtools: DevTools, server: number): Promise<Map<number, string>> {
  const { processInfo } = await devtools.send("SystemInfo.getProcessInfo");
  const kind = (type: string): string => /NetworkService/.exec(type)?.[0] ?? type.replace(/^.*\./, "");
  const own = (processInfo as { type: string; id: number }[]).map(({ type, id }) => [id, kind(type)] as const);
  return new Map([...own, [server, "server"]]);
}

/** Loads it `times` times, and once before to warm up. `server`: its process. */
export async function loadPages(
  program: string,
  url: string,
  server: number,
  times: number,
  watched: boolean,
): Promise<PageLoads> {
  const all: PageLoads = { own: [], probed: [], threads: new Map(), loaded: [] };
  const { devtools, close } = await launchBrowser({ program, headed: false, insecure: false });
  try {
    for (let load = 0; load <= times; load++) {
      const into = load > 0 ? all : { ...all, own: [], probed: [], threads: new Map(), loaded: [] };
      await loadPage(devtools, url, server, watched, into);
    }
    return all;
  } finally {
    await close();
  }
}

async function loadPage(
  devtools: DevTools,
  url: string,
  server: number,
  watched: boolean,
  into: PageLoads,
): Promise<void> {
  const { browserContextId } = await devtools.send("Target.createBrowserContext");
  const { targetId } = await devtools.send("Target.createTarget", { url: "about:blank", browserContextId });
  const network = new NetworkRecorder(targetId as string, () => 0);
  devtools.onEvent = ({ method, params, sessionId = "" }) => {
    if (method.startsWith("Network.")) network.handle(method, params, sessionId);
  };
  const { sessionId } = await devtools.send("Target.attachToTarget", { targetId, flatten: true });
  const session = sessionId as string;
  const value = async (expression: string): Promise<unknown> => {
    const words = { expression, awaitPromise: true, returnByValue: true };
    return ((await devtools.send("Runtime.evaluate", words, session)).result as { value: unknown }).value;
  };
  if (watched) await devtools.send("Network.enable", {}, session);
  const endTrace = watched ? await traceNetwork(devtools) : null;
  await rest(devtools, new AbortController().signal);
  const before = threadsNow(await processes(devtools, server));
  await devtools.send("Page.navigate", { url }, session);
  into.loaded.push((await value(LOADED)) as number);
  addUsed(into.threads, before, threadsNow(await processes(devtools, server)));
  await delay(QUIET_MS);
  into.own.push(...((await value(ENTRIES)) as Value[]));
  if (endTrace)
    for (const record of recordsOf(network.requests, connectionsOf(await endTrace()), "")) {
      const { requestStart, responseEnd } = record;
      if (requestStart === undefined || responseEnd === undefined) continue;
      into.probed.push({ path: new URL(record.url!).pathname, value: (responseEnd - requestStart) / 1000 });
    }
  await devtools.send("Target.disposeBrowserContext", { browserContextId });
}
