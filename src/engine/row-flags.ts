/** What is unusual of requests, for many of them: as `RowFacts.flags` says it of one. */
import { STATES } from "./draft";
import type { RowColumns } from "./row-columns";
import type { Store } from "./store";

export const FLAGS = ["interference", "interrupted", "warmup", "redirect", "cached"] as const;
type Flag = (typeof FLAGS)[number];

/** 1 for each request that has one of the flags. */
export function flagged(store: Store, columns: RowColumns, wanted: readonly Flag[]): Uint8Array {
  const found = new Uint8Array(columns.rows.length);
  const mark = (numbers: Float64Array, has: (number: number, at: number) => boolean): void => {
    for (let at = 0; at < found.length; at++) if (found[at] === 0 && has(numbers[at]!, at)) found[at] = 1;
  };
  const marks: Record<Flag, () => void> = {
    interference: () => {
      const clients = columns.clients();
      const foreign = store.parts.map((part) => store.clocks.hasClient(part));
      mark(columns.server("log"), (log, at) => clients[at] === 0 && foreign[log] === true);
    },
    interrupted: () => {
      const pending = store.recording ? Number.NaN : STATES.indexOf("pending");
      mark(columns.server("state"), (state) => state === pending);
    },
    warmup: () => mark(columns.client("warmup"), (warmup) => warmup === 1),
    redirect: () => mark(columns.client("hop"), (hop) => !Number.isNaN(hop)),
    cached: () => mark(columns.client("cache"), (cache) => !Number.isNaN(cache)),
  };
  for (const flag of wanted) marks[flag]();
  return found;
}
