/** A page is measured while nothing else goes on: a browser is busy for a while when it has opened one. */
import { setTimeout as delay } from "node:timers/promises";
import type { DevTools } from "./devtools";

const LOOK_EVERY_MS = 100;
/** One tick of the coarsest of clocks. */
const RESTING_MS = 10;
const LONGEST_MS = 2_000;

/** Processor time of each of the browser's processes, ms, by number. */
async function processorTimes(devtools: DevTools): Promise<Map<number, number>> {
  const { processInfo } = await devtools.send("SystemInfo.getProcessInfo");
  const processes = processInfo as { id: number; cpuTime: number }[];
  return new Map(processes.map(({ id, cpuTime }) => [id, cpuTime * 1000]));
}

/** Resolves when the browser's processes are idle, when `signal` is aborted, or after two seconds; at once where it does not tell. */
export async function rest(devtools: DevTools, signal: AbortSignal): Promise<void> {
  try {
    let before = await processorTimes(devtools);
    for (const end = Date.now() + LONGEST_MS; Date.now() < end; ) {
      await delay(LOOK_EVERY_MS, undefined, { signal });
      const times = await processorTimes(devtools);
      let used = 0;
      for (const [id, time] of times) used += time - (before.get(id) ?? 0);
      // Ticks are sums of fractions.
      if (Math.round(used) <= RESTING_MS) return;
      before = times;
    }
  } catch {
    // What the browser refuses, or that it is gone, the page's own steps tell.
  }
}
