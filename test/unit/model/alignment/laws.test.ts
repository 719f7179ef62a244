import assert from "node:assert/strict";
import { type Alignment, align, type Exchanges, offsetsOf } from "../../../../src/model/alignment";
import { seeds } from "../random";
import { mapped, type Network, networkOf, type Simulated, shuffled, simulate } from "./simulation";

const SEEDS = seeds(500, 10_000);
/** µs: the simulation's stamps are doubles of 1.7e15, good to a quarter. */
const ROUNDING = 1;

/** Moments of interest: of every request, and before, between and after them. */
function* moments(of: Simulated): Generator<number> {
  yield of.start;
  for (let pair = 0; pair < of.sent.length; pair++) {
    if (!Number.isNaN(of.sent[pair]!)) yield of.sent[pair]!;
    if (!Number.isNaN(of.seen[pair]!)) yield of.seen[pair]! + 17;
  }
}

const aligned = (of: Exchanges, network: Network): Alignment => align(of, { grain: network.grain ?? 0 });

describe(`clock alignment, ${SEEDS} simulated networks`, () => {
  it("the truth is inside the bounds, and nothing arrives before it left", () => {
    for (let seed = 0; seed < SEEDS; seed++) {
      const network = networkOf(seed);
      const of = simulate(network);
      const alignment = aligned(of, network);
      for (const time of moments(of)) {
        const { low, high, offset, uncertainty } = alignment.offsetAt(time);
        // A stamp that was cut is up to a grain early: the truth there may have drifted on.
        const truth = of.truth(time);
        assert.ok(low - ROUNDING <= truth && truth <= high + ROUNDING, `seed ${seed}: ${truth} outside ${low}…${high}`);
        assert.ok(!(Math.abs(truth - offset) > uncertainty + ROUNDING), `seed ${seed}: ${offset} ± ${uncertainty}`);
      }
      for (let pair = 0; pair < of.sent.length; pair++) {
        const [sent, received, answered, seen] = [
          of.sent[pair]!,
          of.received[pair]!,
          of.answered[pair]!,
          of.seen[pair]!,
        ];
        const { up, down } = offsetsOf(alignment, sent, received, answered, seen);
        const slack = (network.grain ?? 0) + ROUNDING;
        assert.ok(!(received - up.offset < sent - slack), `seed ${seed}: received before it was sent`);
        assert.ok(!(answered - down.offset > seen + slack), `seed ${seed}: seen before it was answered`);
      }
    }
  });

  it("the order of the pairs does not matter", () => {
    for (let seed = 0; seed < SEEDS; seed++) {
      const network = networkOf(seed);
      const of = simulate(network);
      assert.deepEqual(aligned(shuffled(of, seed), network).epochs, aligned(of, network).epochs, `seed ${seed}`);
    }
  });

  it("one more pair never widens an epoch's bounds", () => {
    for (let seed = 0; seed < SEEDS; seed++) {
      const network = { ...networkOf(seed), steps: [] };
      const of = simulate(network);
      const fewer = mapped(of, (column) => column.subarray(0, -1));
      if (!fewer.sent.length) continue;
      const [before, after] = [aligned(fewer, network), aligned(of, network)];
      for (const time of moments(of)) {
        assert.ok(after.offsetAt(time).low >= before.offsetAt(time).low, `seed ${seed}`);
        assert.ok(after.offsetAt(time).high <= before.offsetAt(time).high, `seed ${seed}`);
      }
    }
  });

  it("shifting the server's stamps shifts the offset and nothing else", () => {
    const shift = 7_777_216;
    for (let seed = 0; seed < SEEDS; seed++) {
      const network = networkOf(seed);
      const of = simulate(network);
      const moved = mapped(of, (column, name) =>
        name === "received" || name === "answered" ? column.map((stamp) => stamp + shift) : column,
      );
      const [before, after] = [aligned(of, network).epochs, aligned(moved, network).epochs];
      assert.equal(after.length, before.length);
      for (const [i, epoch] of before.entries()) {
        const other = after[i]!;
        assert.ok(Math.abs(other.offset - epoch.offset - shift) < ROUNDING, `seed ${seed}`);
        assert.ok(!(Math.abs(other.uncertainty - epoch.uncertainty) > ROUNDING), `seed ${seed}`);
        assert.equal(other.samples, epoch.samples);
      }
    }
  });

  it("swapping client and server negates the offset", () => {
    for (let seed = 0; seed < SEEDS; seed++) {
      const network = { ...networkOf(seed), steps: [], drift: 0 };
      const of = simulate(network);
      const swapped = { sent: of.answered, received: of.seen, answered: of.sent, seen: of.received };
      const [before, after] = [aligned(of, network), aligned(swapped, network)];
      const near = of.start + 1000;
      const [one, two] = [before.offsetAt(near), after.offsetAt(near + 3e6)];
      // The two see the same bounds at moments a request apart.
      const apart = 500e-6 * 20_000 + ROUNDING;
      assert.ok(!(Math.abs(one.low + two.high) > apart), `seed ${seed}: ${one.low} ${two.high}`);
      assert.ok(!(Math.abs(one.high + two.low) > apart), `seed ${seed}: ${one.high} ${two.low}`);
    }
  });
});
