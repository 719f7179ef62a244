/** Requests between two clocks whose offset is known at every moment. */
import type { Exchanges } from "../../../../src/model/alignment";
import { random } from "../random";

export interface Network {
  seed: number;
  pairs: number;
  /** Mean time between requests, µs. */
  gap?: number;
  /** µs per µs. */
  drift?: number;
  /** Steps of the server's clock: when (µs from the start) and how far (µs). */
  steps?: readonly (readonly [at: number, by: number])[];
  /** Added to the way up, µs. */
  slowUp?: number;
  /** Stamps are cut to whole steps, µs; 0: not at all. */
  grain?: number;
  /** Part of the pairs that have one direction only. */
  oneWay?: number;
}

/**
 * A network of every kind: size, pace, drift, slow ways, coarse clocks, lost directions, and steps that can be seen: a
 * step that all requests overlap, or that only the last ones saw, has no bounds of both sides on either side.
 */
export function networkOf(seed: number): Network {
  const dice = random(seed ^ 0x5eed);
  const pairs = [1, 2, 3, 10, 30, 100, 300][dice.below(7)]!;
  const gap = [100, 2_000, 10_000][dice.below(3)]!;
  const sizes = [20e3, -20e3, 5e6, -3600e6];
  const steps =
    pairs >= 100 && gap > 100 && dice.below(2)
      ? [[(0.2 + 0.5 * dice.next()) * pairs * gap, sizes[dice.below(4)]!] as const]
      : [];
  return {
    seed,
    pairs,
    gap,
    steps,
    drift: (dice.next() - 0.5) * 400e-6,
    slowUp: dice.below(3) ? 0 : 5_000,
    grain: [0, 0, 1, 1000][dice.below(4)]!,
    oneWay: dice.below(3) ? 0 : 0.3,
  };
}

export interface Simulated extends Exchanges {
  /** The true offset at a moment of the client's clock. */
  truth(time: number): number;
  start: number;
}

export const empty = (pairs: number): Exchanges => ({
  sent: new Float64Array(pairs),
  received: new Float64Array(pairs),
  answered: new Float64Array(pairs),
  seen: new Float64Array(pairs),
});

/** A LAN: each way takes 50 µs and an exponential 100 µs more. */
export function simulate(network: Network): Simulated {
  const { seed, pairs, gap = 10_000, drift = 50e-6, steps = [], slowUp = 0, grain = 0, oneWay = 0 } = network;
  const dice = random(seed);
  const start = 1.7e15;
  const truth = (time: number): number =>
    steps.reduce((sum, [at, by]) => (time - start >= at ? sum + by : sum), 3e6 + drift * (time - start));
  const cut = (stamp: number): number => (grain ? Math.floor(stamp / grain) * grain : stamp);
  const way = (): number => 50 + dice.exponential(100);
  const made = empty(pairs);
  let time = start;
  for (let pair = 0; pair < pairs; pair++) {
    time += dice.exponential(gap);
    const arrival = time + way() + slowUp;
    const answer = arrival + dice.exponential(1000);
    const half = dice.next() < oneWay ? dice.below(2) : -1;
    made.sent[pair] = half === 0 ? Number.NaN : cut(time);
    made.received[pair] = cut(arrival + truth(arrival));
    made.answered[pair] = cut(answer + truth(answer));
    made.seen[pair] = half === 1 ? Number.NaN : cut(answer + way());
  }
  return { ...made, truth, start };
}

/** The same pairs in another order. */
export function shuffled(of: Exchanges, seed: number): Exchanges {
  const dice = random(seed);
  const order = Array.from(of.sent.keys());
  for (let i = order.length - 1; i > 0; i--) {
    const j = dice.below(i + 1);
    [order[i], order[j]] = [order[j]!, order[i]!];
  }
  return mapped(of, (column) => Float64Array.from(order, (index) => column[index]!));
}

export const mapped = (
  of: Exchanges,
  map: (column: Float64Array, name: keyof Exchanges) => Float64Array,
): Exchanges => ({
  sent: map(of.sent, "sent"),
  received: map(of.received, "received"),
  answered: map(of.answered, "answered"),
  seen: map(of.seen, "seen"),
});
