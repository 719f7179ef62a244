/** The measurements as a Markdown table, a chart of bars, and a sentence each that says where the time went. */
import type { Measured, Parts } from "./pools";

export const TITLES = `| lock | workers | requests/s | speed-up | R S ms | of it program | lock | disk | own work | hand-over ms | queue ms | A/A |
|---|---|---|---|---|---|---|---|---|---|---|---|`;

export function row(lock: string, one: Measured, control: number | null): string {
  const { program, lock: waited, disk, server, handOver } = one.parts;
  const cells = [
    lock,
    one.workers,
    one.throughput.toFixed(0),
    `${one.ratio.toFixed(2)} ×`,
    ...[one.serverResponse, program, waited, disk, server, handOver, one.queue].map((value) => value.toFixed(1)),
    control === null ? "" : control.toFixed(2),
  ];
  return `| ${cells.join(" | ")} |`;
}

const WIDTH = 50;

export function chart(bars: readonly (readonly [name: string, value: number])[]): string {
  const most = Math.max(...bars.map(([, value]) => value));
  const lines = bars.map(
    ([name, value]) =>
      `${name.padEnd(12)} ${"█".repeat(Math.max(1, Math.round((value / most) * WIDTH)))} ${value.toFixed(0)}/s`,
  );
  return ["```", ...lines, "```"].join("\n");
}

const NAMES: Record<keyof Parts, string> = {
  program: "the program",
  lock: "waiting for a lock",
  disk: "the disk",
  server: "the server's own work",
  handOver: "the way to the next connection",
};

/** Less is no speed-up on a machine that has other work to do. */
const SPEED_UP = 1.3;
const MORE_THAN_ALL = 1.15;
/** A part that grew by less than this share of a request's whole time is not named. */
const WORTH_A_WORD = 0.05;

const total = (parts: Parts): number => Object.values(parts).reduce((sum: number, part) => sum + part, 0);
const fromTo = (from: number, to: number): string => `${from.toFixed(1)} → ${to.toFixed(1)} ms`;

/**
 * Why so many workers do as much more than the fewest, and no more. A worker's time a request is the sum of its parts, so
 * the speed-up is the ratio of workers times the inverse ratio of those sums: what grew is what it lacks. `control` is one
 * worker's throughput against its like: what differs less than that is not told from chance.
 */
export function explain(lock: string, base: Measured, one: Measured, control: number): string {
  const name = `- lock \`${lock}\`, ${base.workers} → ${one.workers} workers: ${one.ratio.toFixed(2)} ×`;
  if (one.ratio >= SPEED_UP && Math.log(one.ratio) < Math.abs(Math.log(control)))
    return `${name}, not told from chance: one worker against its like did ${control.toFixed(2)} ×.`;
  if (one.ratio > (one.workers / base.workers) * MORE_THAN_ALL)
    return `${name}, more than workers can bring: the machine had other work to do while it measured ${base.workers}.`;
  const before = total(base.parts);
  const grown = (Object.keys(NAMES) as (keyof Parts)[])
    .filter((part) => one.parts[part] - base.parts[part] > WORTH_A_WORD * before)
    .sort((a, b) => one.parts[b] - base.parts[b] - (one.parts[a] - base.parts[a]))
    .map((part) => `${NAMES[part]} ${fromTo(base.parts[part], one.parts[part])}`);
  const verdict = one.ratio < SPEED_UP ? ", no speed-up" : "";
  const why = grown.length ? `; what grew is ${grown.join(", ")}` : "; no part of it grew";
  const queue = `the queue goes ${fromTo(base.queue, one.queue)}`;
  return `${name}${verdict}. A request takes ${fromTo(before, total(one.parts))} of a worker's time${why}; ${queue}.`;
}
