/** The measurements as a Markdown table, a chart of bars, and a sentence each that says where the time went. */
import type { Measured } from "./run";

export const TITLES = `| lock | workers | requests/s | speed-up | R S ms | of it program | lock | disk | queue ms | A/A |
|---|---|---|---|---|---|---|---|---|---|`;

export function row(lock: string, workers: number, one: Measured, ratio: number, control: number | null): string {
  const cells = [
    lock,
    workers,
    one.throughput.toFixed(0),
    `${ratio.toFixed(2)} ×`,
    ...[one.serverResponse, one.program, one.lock, one.disk, one.queue].map((value) => value.toFixed(1)),
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

/** Less is no speed-up on a machine as noisy as this. */
const SPEED_UP = 1.3;

/** What R S consists of, ms. */
const partsOf = ({ serverResponse, program, lock, disk }: Measured): Record<string, number> => ({
  "the program": program,
  "waiting for a lock": lock,
  "the disk": disk,
  "the server's own work": serverResponse - program - lock - disk,
});

const fromTo = (from: number, to: number): string => `${from.toFixed(1)} → ${to.toFixed(1)} ms`;

/**
 * What most workers do more than fewest, and why: from the queue and the spans within R S. `control` is one worker's
 * throughput against its own: what differs less than that is not told from chance.
 */
export function explain(
  lock: string,
  counts: readonly number[],
  measured: readonly Measured[],
  control: number,
): string {
  const [first, last] = [measured[0]!, measured.at(-1)!];
  const [before, after] = [partsOf(first), partsOf(last)];
  const ratio = last.throughput / first.throughput;
  const most = counts.at(-1)!;
  const queue = `the queue goes ${fromTo(first.queue, last.queue)}`;
  if (Math.abs(Math.log(ratio)) < Math.abs(Math.log(control)))
    return `- lock \`${lock}\`: nothing can be said of ${ratio.toFixed(2)} ×: one worker against itself was ${control.toFixed(2)} ×.`;
  const [largest] = Object.entries(after).sort((a, b) => b[1] - a[1])[0]!;
  if (ratio >= SPEED_UP)
    return (
      `- lock \`${lock}\`: ${most} workers do ${ratio.toFixed(2)} × as much. ${queue}, while R S goes ` +
      `${fromTo(first.serverResponse, last.serverResponse)}, mostly ${largest}.`
    ).replace(". the", ". The");
  const [grown] = Object.keys(after).sort((a, b) => after[b]! - before[b]! - (after[a]! - before[a]!));
  return (
    `- lock \`${lock}\`: no speed-up with ${most} workers (${ratio.toFixed(2)} ×). ${queue}, but what grew in its place is ` +
    `${grown}: ${fromTo(before[grown!]!, after[grown!]!)}.`
  ).replace(". the", ". The");
}
