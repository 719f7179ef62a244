import assert from "node:assert/strict";
import { align, clockSentence, grainOf } from "../../../../src/model/alignment";
import { BINARY_TICK, PC_TICK } from "../../../../src/model/alignment/grain";
import { random } from "../random";
import { empty, simulate } from "./simulation";

describe("grainOf", () => {
  const dice = random(1);
  const moments = Array.from({ length: 50 }, () => 918_666_940e6 + dice.next() * 3600e6);
  const cutTo = (step: number) => Float64Array.from(moments, (moment) => Math.floor(Math.floor(moment / step) * step));

  it("recognises 1 s, 10 ms, 1 ms and 1/1024 s", () => {
    for (const step of [1e6, 10e3, 1e3]) assert.equal(grainOf(cutTo(step), 1), step);
    assert.equal(grainOf(cutTo(BINARY_TICK), 1), BINARY_TICK);
  });

  it("recognises a PC's tick behind stamps cut to 10 ms", () => {
    const ticks = Float64Array.from(moments, (moment) => {
      const tick = 918_666_940e6 + Math.floor((moment - 918_666_940e6) / PC_TICK) * PC_TICK;
      return Math.floor(tick / 10_000) * 10_000;
    });
    assert.equal(grainOf(ticks, 1), PC_TICK + 10_000);
  });

  it("keeps what was declared where stamps are fine, few or unknown", () => {
    assert.equal(grainOf(Float64Array.from(moments, Math.round), 1), 1);
    assert.equal(grainOf(Float64Array.of(1e6, 2e6, Number.NaN), 1), 1);
    assert.equal(grainOf(cutTo(1e3), 5e3), 5e3);
  });
});

describe("the clocks in one sentence", () => {
  it("says offset, uncertainty, drift and steps", () => {
    const of = simulate({ seed: 1, pairs: 2000, drift: 98e-6, steps: [[19e6, 5e6]] });
    assert.match(
      clockSentence(align(of, { grain: 1 })),
      /^Server clock 3\.00\d s ahead ± \d+ µs, drifting 98 ppm; 1 step at 22:13:\d\d UTC\.$/,
    );
  });

  it("says level, behind, one clock, and nothing to align", () => {
    const level = simulate({ seed: 1, pairs: 50, drift: 0 });
    for (const column of [level.received, level.answered]) for (const i of column.keys()) column[i]! -= 3e6;
    assert.match(clockSentence(align(level, { grain: 1 })), /^Server clock level with the client's ± \d+ µs\.$/);
    for (const column of [level.received, level.answered]) for (const i of column.keys()) column[i]! -= 40e3;
    assert.match(clockSentence(align(level, { grain: 1 })), /^Server clock (40\.0|39\.9|40\.1) ms behind ±/);
    assert.equal(
      clockSentence(align(level, { grain: 1, shared: -40e3 })),
      "One clock: client and server ran in the same boot (50 requests agree).",
    );
    assert.match(clockSentence(align(empty(0), { grain: 1 })), /cannot be aligned/);
  });
});
