/**
 * Aligning 1,000,000 requests of a LAN, stage by stage; goal: under 0.5 s a stage. Peer: Cristian's estimate, the median
 * of all requests' midpoints, which knows no drift, no steps and no bounds. Times are CPU time, so that what else runs on the
 * machine counts less.
 * Run: npx tsx bench/align.ts [pairs]
 */
import { BoundedAlignment } from "../src/model/alignment/bounded";
import { boundEvents } from "../src/model/alignment/events";
import { segment } from "../src/model/alignment/segment";
import { quantileSorted } from "../src/model/statistics/quantile";
import { simulate } from "../test/unit/model/alignment/simulation";

const pairs = Number(process.argv[2] ?? 1_000_000);
const of = simulate({ seed: 1, pairs, gap: 1000, steps: [[0.4e9, 20_000]], grain: 1 });

function timed<T>(work: () => T): { ms: number; result: T } {
  const from = process.cpuUsage();
  const result = work();
  return { ms: process.cpuUsage(from).user / 1000, result };
}

const rounds = Array.from({ length: 5 }, () => {
  const events = timed(() => boundEvents(of, 1));
  const found = timed(() => segment(events.result));
  const built = timed(() => BoundedAlignment.build(of, events.result, found.result, 1));
  const lines = timed(() => built.result.epochs);
  const peer = timed(() =>
    quantileSorted(of.sent.map((sent, i) => (of.received[i]! - sent + of.answered[i]! - of.seen[i]!) / 2).sort(), 0.5),
  );
  return { events, found, built, lines, peer };
});

const best = (of: (round: (typeof rounds)[number]) => number): number => Math.min(...rounds.map(of));
const stages = {
  "bounds in order of time": best((round) => round.events.ms),
  "A: steps and outliers": best((round) => round.found.ms),
  "A: bounds at every moment, hulls": best((round) => round.built.ms),
  "B: a line per epoch": best((round) => round.lines.ms),
};
const peer = best((round) => round.peer.ms);
const total = Object.values(stages).reduce((sum, ms) => sum + ms, 0);

console.log(`${pairs} pairs, best of ${rounds.length} rounds`);
for (const [stage, ms] of Object.entries(stages)) console.log(`${stage.padEnd(34)}${ms.toFixed(0).padStart(6)} ms`);
console.log(`${"together".padEnd(34)}${total.toFixed(0).padStart(6)} ms`);
console.log(
  `${"peer: median of midpoints".padEnd(34)}${peer.toFixed(0).padStart(6)} ms   ratio ${(total / peer).toFixed(2)}`,
);

const { epochs } = rounds[0]!.built.result;
const error = (offset: number, at: number): string => Math.abs(offset - of.truth(at)).toFixed(3);
const middle = of.sent[Math.floor(pairs / 2)]!;
console.log(
  `epochs ${epochs.length} (true: 2); error at their middles ${epochs.map(({ offset, at }) => error(offset, at)).join(", ")} µs`,
);
console.log(`error of the peer in the middle ${error(rounds[0]!.peer.result, middle)} µs`);
process.exitCode = Object.values(stages).some((ms) => ms > 500) ? 1 : 0;
