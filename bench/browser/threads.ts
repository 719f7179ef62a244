/** What each of a browser's threads has run, and waited for a processor, by the kernel's count (/proc/…/schedstat). */
import { readdirSync, readFileSync } from "node:fs";

/** ms. */
export interface Share {
  run: number;
  waited: number;
}

/** By thread, with a name that all threads of the same work share. */
export type Threads = Map<string, Share & { name: string }>;

function text(file: string): string {
  try {
    return readFileSync(file, "latin1");
  } catch {
    // It has ended.
    return "";
  }
}

function tasks(process: number): string[] {
  try {
    return readdirSync(`/proc/${process}/task`);
  } catch {
    return [];
  }
}

/** `processes`: their numbers, by what they are. */
export function threadsNow(processes: ReadonlyMap<number, string>): Threads {
  const threads: Threads = new Map();
  for (const [process, kind] of processes)
    for (const task of tasks(process)) {
      const [run = 0, waited = 0] = text(`/proc/${process}/task/${task}/schedstat`).split(" ").map(Number);
      const name = Number(task) === process ? "main" : text(`/proc/${process}/task/${task}/comm`).trim();
      threads.set(task, { run: run / 1e6, waited: waited / 1e6, name: `${kind}: ${name}` });
    }
  return threads;
}

/** Adds what has been used since `before` to `sums`, by name. */
export function addUsed(sums: Map<string, Share>, before: Threads, after: Threads): void {
  for (const [task, { run, waited, name }] of after) {
    const then = before.get(task) ?? { run: 0, waited: 0 };
    const sum = sums.get(name) ?? { run: 0, waited: 0 };
    sums.set(name, { run: sum.run + run - then.run, waited: sum.waited + waited - then.waited });
  }
}
