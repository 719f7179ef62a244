/** Waits until a URL is answered: `record --wait-for`. */
import { connect } from "node:net";
import { setTimeout as delay } from "node:timers/promises";
import type { ProbePlan } from "../probe/plan";
import { runProbe } from "../probe/probe";
import type { Recorder } from "../probe/recorder";

const EVERY_MS = 100;

/**
 * Resolves to true when the URL has an answer below 500, to false when `signal` comes first. Requests that reach the
 * server are logged as warm-up, so that they are neither interference nor part of any statistics.
 */
export async function waitForUrl(plan: ProbePlan, recorder: Recorder, signal: AbortSignal): Promise<boolean> {
  const [url] = plan.urls;
  while (!signal.aborted) {
    if (url && (await accepts(url))) {
      let status = 0;
      await runProbe({ ...plan, warmup: true }, recorder, signal, {
        seen: (visited) => (status = visited.status ?? 0),
      });
      if (status > 0 && status < 500) return true;
    }
    await delay(EVERY_MS, undefined, { signal }).catch(() => {});
  }
  return false;
}

/** Whether somebody listens there: a refused attempt is no request, and leaves no record. */
const accepts = (url: URL): Promise<boolean> =>
  new Promise((resolve) => {
    const port = Number(url.port) || (url.protocol === "https:" ? 443 : 80);
    const socket = connect({ host: url.hostname.replace(/^\[(.*)\]$/, "$1"), port });
    socket.once("connect", () => resolve(true));
    socket.once("error", () => resolve(false));
    socket.once("connect", () => socket.destroy());
  });
