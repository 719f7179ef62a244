import assert from "node:assert/strict";
import { Aligner, align, type Exchanges } from "../../../../src/model/alignment";
import { quantileSorted } from "../../../../src/model/statistics/quantile";
import { random } from "../random";
import { empty, mapped, simulate } from "./simulation";

const pairsOf = (rows: readonly (readonly [number, number, number, number])[]): Exchanges => {
  const of = empty(rows.length);
  for (const [i, [sent, received, answered, seen]] of rows.entries()) {
    of.sent[i] = sent;
    of.received[i] = received;
    of.answered[i] = answered;
    of.seen[i] = seen;
  }
  return of;
};
const UNKNOWN = Number.NaN;

describe("align", () => {
  it("reaches the table: median error 6.2 / 0.6 / 0.1 µs at n = 10 / 100 / 1000, within 1.25 ×", () => {
    for (const [pairs, table] of [
      [10, 6.2],
      [100, 0.6],
      [1000, 0.1],
    ] as const)
      for (const gap of [10_000, 1_000_000]) {
        const errors = Float64Array.from({ length: 200 }, (_, seed) => {
          const of = simulate({ seed, pairs, gap });
          const { offset, at } = align(of, { grain: 0 }).epochs[0]!;
          return Math.abs(offset - of.truth(at));
        });
        const median = quantileSorted(errors.sort(), 0.5);
        assert.ok(median <= 1.25 * table, `n ${pairs}, every ${gap} µs: ${median}`);
      }
  });

  it("finds steps of 1 ms, 20 ms, 5 s and −20 ms within one pair", () => {
    for (const by of [1e3, 20e3, 5e6, -20e3]) {
      const of = simulate({ seed: 7, pairs: 200, steps: [[1e6, by]] });
      const { epochs, violations } = align(of, { grain: 0 });
      assert.equal(epochs.length, 2, `${by}`);
      assert.deepEqual(violations, []);
      const before = of.sent.findLastIndex((time) => time - of.start < 1e6);
      assert.ok(epochs[0]!.to >= of.sent[before]! && epochs[1]!.from <= of.seen[before + 1]!, `${by}`);
      assert.ok(Math.abs(epochs[1]!.offset - epochs[0]!.offset - by) < 200, `${by}`);
    }
  });

  it("5 ms in one direction only: the middle is 2.5 ms wrong, and the truth is inside", () => {
    const of = simulate({ seed: 1, pairs: 400, drift: 0, slowUp: 5_000 });
    const { low, high, offset } = align(of, { grain: 0 }).offsetAt(of.sent[200]!);
    assert.ok(Math.abs(offset - 3e6 - 2500) < 20);
    assert.ok(low <= 3e6 && high >= 3e6 && high - low < 5300);
  });

  it("one wrong pair among good ones is an outlier, not a step; two in different places too", () => {
    for (const wrong of [[40], [20, 70], [0], [99]]) {
      const of = simulate({ seed: 3, pairs: 100 });
      for (const pair of wrong) {
        of.received[pair]! += 40_000;
        of.answered[pair]! += 40_000;
      }
      const { epochs, violations } = align(of, { grain: 0 });
      assert.equal(epochs.length, 1);
      assert.deepEqual(violations, wrong);
      assert.ok(Math.abs(epochs[0]!.offset - of.truth(epochs[0]!.at)) < 5);
    }
  });

  it("no pairs, one pair, one direction only", () => {
    assert.equal(align(empty(0), { grain: 1 }).quality, "none");
    const one = align(pairsOf([[1000, 5100, 5200, 1300]]), { grain: 0 }).epochs[0]!;
    assert.deepEqual(
      [one.offset, Math.round(one.uncertainty), one.drift, one.minRtt, one.samples],
      [4000, 100, 0, 200, 1],
    );
    const up = align(pairsOf([[1000, 5100, UNKNOWN, UNKNOWN]]), { grain: 0 });
    assert.equal(up.quality, "none");
    assert.deepEqual(up.offsetAt(1000), { offset: 4100, low: -Infinity, high: 4100, uncertainty: Infinity });
    assert.equal(align(pairsOf([[UNKNOWN, 5100, 5200, UNKNOWN]]), { grain: 0 }).quality, "none");
  });

  it("one up and one down from different requests bound it together", () => {
    const of = pairsOf([
      [1000, 5100, UNKNOWN, UNKNOWN],
      [UNKNOWN, UNKNOWN, 5200, 1300],
    ]);
    const { offset, uncertainty } = align(of, { grain: 0 }).epochs[0]!;
    assert.deepEqual([offset, Math.round(uncertainty)], [4000, 100]);
  });

  it("pairs that contradict each other all over are approximate, and the sum of all their intervals is inside", () => {
    const dice = random(5);
    const of = mapped(simulate({ seed: 5, pairs: 50 }), (column, name) =>
      name === "sent" || name === "seen" ? column : column.map((stamp) => stamp + dice.below(10_000_000)),
    );
    const { quality, epochs } = align(of, { grain: 0 });
    assert.equal(quality, "approximate");
    assert.ok(epochs[0]!.uncertainty > 1e6);
  });

  it("a slewed clock, which no line follows, is still bounded", () => {
    const of = simulate({ seed: 9, pairs: 400, drift: 0 });
    const bend = (time: number): number => 300e-6 * Math.abs(time - of.start - 2e6);
    for (let pair = 0; pair < 400; pair++) {
      of.received[pair]! += bend(of.sent[pair]!);
      of.answered[pair]! += bend(of.seen[pair]!);
    }
    const { epochs, offsetAt, quality } = alignmentOf(of);
    assert.deepEqual([quality, epochs.length, epochs[0]!.driftRange], ["bounded", 1, undefined]);
    for (const time of of.sent) {
      const { offset, uncertainty } = offsetAt(time);
      assert.ok(Math.abs(offset - 3e6 - bend(time)) <= uncertainty + 1);
    }
  });
});

const alignmentOf = (of: Exchanges) => {
  const alignment = align(of, { grain: 0 });
  return {
    ...alignment,
    quality: alignment.quality,
    epochs: alignment.epochs,
    offsetAt: alignment.offsetAt.bind(alignment),
  };
};

describe("one boot", () => {
  it("is exact where every request agrees, one accident aside", () => {
    const of = simulate({ seed: 2, pairs: 200, drift: 0 });
    of.received[50]! -= 90_000;
    of.answered[50]! -= 90_000;
    const alignment = align(of, { grain: 1, shared: 3e6 });
    assert.equal(alignment.quality, "exact");
    assert.deepEqual(alignment.violations, [50]);
    assert.equal(alignment.offsetAt(of.sent[7]!).offset, 3e6);
  });

  it("is noticed not to hold: another offset, a drift, a step while it runs", () => {
    for (const network of [{}, { drift: 100e-6 }, { drift: 0, steps: [[1.9e6, 50_000]] as const }]) {
      const of = simulate({ seed: 4, pairs: 200, gap: 10_000, ...network });
      const shared = "steps" in network || "drift" in network ? 3e6 : 0;
      assert.equal(align(of, { grain: 1, shared }).quality, "bounded", JSON.stringify(network));
    }
  });
});

describe("Aligner", () => {
  it("ends where aligning all at once ends, in whatever portions pairs come", () => {
    for (let seed = 0; seed < 60; seed++) {
      const dice = random(seed);
      const of = simulate({ seed, pairs: 300, steps: dice.below(2) ? [[1.5e6, 20e3]] : [] });
      const aligner = new Aligner({ grain: 0, shared: dice.below(2) ? 3e6 : null });
      for (let pair = 0; pair < 300; pair++) {
        aligner.add(of.sent[pair]!, of.received[pair]!, of.answered[pair]!, of.seen[pair]!);
        if (dice.below(5) === 0) assert.ok(aligner.alignment.epochs.length >= 1);
      }
      assert.deepEqual(aligner.alignment.epochs, align(of, { grain: 0 }).epochs, `seed ${seed}`);
    }
  });

  it("recognises a clock of coarse steps that nobody declared: the truth stays in the bounds", () => {
    for (const grain of [1e3, 1e6])
      for (let seed = 0; seed < 20; seed++) {
        const of = simulate({ seed, pairs: 120, gap: 20_000, drift: 0, grain });
        const aligner = new Aligner({ grain: 1 });
        for (let pair = 0; pair < 120; pair++) {
          aligner.add(of.sent[pair]!, of.received[pair]!, of.answered[pair]!, of.seen[pair]!);
          if (pair % 40 === 39) {
            const { low, high } = aligner.alignment.offsetAt(of.sent[pair]!);
            assert.ok(low <= 3e6 && high >= 3e6, `grain ${grain}, seed ${seed}, pair ${pair}: ${low}…${high}`);
          }
        }
        assert.equal(aligner.alignment.quality, "bounded");
      }
  });

  it("does no more than a constant's work for each pair, even where every pair contradicts", () => {
    const aligner = new Aligner({ grain: 0 });
    for (let pair = 0; pair < 20_000; pair++) {
      const server = pair * 1000 + (pair % 2 ? 5e9 : 0);
      aligner.add(pair * 1000, server + 100, server + 200, pair * 1000 + 300);
      assert.ok(aligner.alignment.quality !== "exact");
    }
  });
});
