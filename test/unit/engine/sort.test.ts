import assert from "node:assert/strict";
import fc from "fast-check";
import { FIRST_ROWS, FirstRows, sampleOf } from "../../../src/engine/first-rows";
import { Interner } from "../../../src/engine/interner";
import { sortByKeys, sortNumbers } from "../../../src/engine/sort";
import { finish } from "../../../src/engine/steps";
import { TextRanks } from "../../../src/engine/text-order";
import { TextPattern } from "../../../src/engine/text-pattern";
import { median, selectKth } from "../../../src/model/statistics/select";

const key = fc.oneof(
  fc.integer({ min: -3, max: 3 }),
  fc.double({ noNaN: true }),
  fc.constantFrom(Number.NaN, -0, 0, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 1.7e15),
);

const whole = fc.integer({ min: -(2 ** 31), max: 2 ** 32 });

/** The same keys many times over, so that the radix passes are taken too. */
const many = fc
  .tuple(
    fc.oneof(fc.array(key, { minLength: 1, maxLength: 30 }), fc.array(whole, { minLength: 1, maxLength: 30 })),
    fc.constantFrom(1, 300),
  )
  .map(([keys, times]) =>
    Array.from({ length: keys.length * times }, (_, at) => keys[(at * 7) % keys.length]! * (1 + (at % 5))),
  );

/** Told in pieces, as sorting does. */
function firstOf(rows: Uint32Array, keys: Float64Array, descending: boolean): Uint32Array {
  const places = Uint32Array.from(keys, (_, at) => at);
  const sample = Float64Array.from(sampleOf(places), (at) => keys[at]!);
  const first = new FirstRows(sample, rows.length, descending);
  for (let from = 0; from < keys.length; from += 1000) first.add(keys.subarray(from, from + 1000), from);
  return Uint32Array.from(first.first(), (at) => rows[at]!);
}

describe("sorting by keys", () => {
  it("is stable, up and down, with what is unknown last", () => {
    fc.assert(
      fc.property(many, fc.boolean(), (keys, descending) => {
        const rows = Uint32Array.from(keys, (_, at) => at + 10);
        const direction = descending ? -1 : 1;
        const expected = [...keys.keys()].sort((a, b) => {
          const [x, y] = [keys[a]!, keys[b]!];
          if (Number.isNaN(x) || Number.isNaN(y)) return Number(Number.isNaN(x)) - Number(Number.isNaN(y)) || a - b;
          return x === y ? a - b : x < y ? -direction : direction;
        });
        assert.deepEqual(
          [...sortByKeys(rows, Float64Array.from(keys), descending)],
          expected.map((at) => at + 10),
        );
      }),
      { numRuns: 60 },
    );
  });

  it("of numbers alone has them as a sort of the language has", () => {
    fc.assert(
      fc.property(many, (keys) => {
        const known = Float64Array.from(keys.filter((value) => !Number.isNaN(value)));
        // −0 and 0 are equal, and so is their order.
        const plain = (values: Float64Array): number[] => Array.from(values, (value) => value + 0);
        assert.deepEqual(plain(sortNumbers(known.slice())), plain(known.slice().sort()));
      }),
      { numRuns: 60 },
    );
  });

  it("has its first rows, or fewer of them, before all are in order", () => {
    fc.assert(
      fc.property(many, fc.boolean(), fc.constantFrom(1, 40), (keys, descending, times) => {
        // Longer runs than the sample's steps, too: what it sees is not what there is.
        const all = Float64Array.from({ length: keys.length * times }, (_, at) => keys[Math.floor(at / times)]!);
        const rows = Uint32Array.from(all, (_, at) => at + 10);
        const first = firstOf(rows, all, descending);
        assert.deepEqual(first, sortByKeys(rows, all, descending).slice(0, first.length));
        assert.ok(first.length <= FIRST_ROWS);
        if (all.length <= FIRST_ROWS) assert.equal(first.length, all.length);
      }),
      { numRuns: 60 },
    );
  });

  it("finds all of the first rows among many, whichever way they lie", () => {
    const length = 50_000;
    const ways: ((at: number) => number)[] = [
      (at) => at,
      (at) => length - at,
      (at) => (at * 7919) % length,
      (at) => at % 3,
      () => 1,
      (at) => (at % 2 ? Number.NaN : at),
      () => Number.NaN,
    ];
    for (const descending of [false, true])
      for (const way of ways) {
        const keys = Float64Array.from({ length }, (_, at) => way(at));
        const rows = Uint32Array.from(keys, (_, at) => at);
        const first = firstOf(rows, keys, descending);
        assert.deepEqual(first, sortByKeys(rows, keys, descending).slice(0, FIRST_ROWS), `${way} ${descending}`);
      }
  });

  it("ranks texts in the order of their bytes", () => {
    const text = fc.oneof(
      fc.string({ unit: "grapheme", maxLength: 12 }),
      fc.nat({ max: 99_999 }).map((number) => `/items/${number}?page=${number % 3}`),
      fc.constantFrom("", "/", "/items/1", "/items/10", "/items/1\u0000"),
    );
    fc.assert(
      fc.property(fc.array(text, { maxLength: 80 }), (texts) => {
        const pool = new Interner();
        const numbers = [...new Set(texts.map((one) => pool.add(one)))];
        const ranks = finish(new TextRanks(pool).steps());
        const ordered = numbers
          .toSorted((a, b) => ranks[a]! - ranks[b]!)
          .map((number) => Buffer.from(pool.text(number)));
        for (let at = 1; at < ordered.length; at++) assert.ok(Buffer.compare(ordered[at - 1]!, ordered[at]!) < 0);
      }),
    );
  });

  it("ranks many texts, whatever they begin with, those that came later too", () => {
    const pool = new Interner();
    const ranks = new TextRanks(pool);
    const inOrder = (): void => {
      const found = finish(ranks.steps());
      const ordered = Array.from(found.keys()).sort((a, b) => found[a]! - found[b]!);
      const texts = ordered.map((number) => Buffer.from(pool.text(number)));
      for (let at = 1; at < texts.length; at++) assert.ok(Buffer.compare(texts[at - 1]!, texts[at]!) < 0);
    };
    for (let at = 0; at < 9000; at++) pool.add(`/items/${(at * 7919) % 100_003}/${"long".repeat(at % 5)}?at=${at % 7}`);
    for (let at = 0; at < 100; at++) pool.add(`/items/${"\u0000".repeat(at)}`);
    inOrder();
    for (let at = 0; at < 100; at++) pool.add("/".repeat(at));
    inOrder();
  });
});

describe("selection", () => {
  it("finds the k-th smallest and the median without sorting", () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 50 }), { minLength: 1 }), fc.nat(), (values, which) => {
        const sorted = values.toSorted((a, b) => a - b);
        const k = which % values.length;
        assert.equal(selectKth(Float64Array.from(values), k), sorted[k]);
        const middle = sorted.length >> 1;
        const expected = sorted.length % 2 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
        assert.equal(median(Float64Array.from(values)), expected);
      }),
    );
  });
});

describe("a pattern over bytes", () => {
  it("matches what the same pattern as a regular expression matches", () => {
    const unit = fc.constantFrom(..."aAbB/.*?ü".split(""));
    const word = fc.string({ unit, maxLength: 8 });
    fc.assert(
      fc.property(word, word, (pattern, text) => {
        const parts = pattern.split("*").map((part) => part.replace(/[^a-z]/gi, "\\$&"));
        const expected = new RegExp(`^${parts.join("[\\s\\S]*")}$`, "i").test(text);
        assert.equal(new TextPattern(pattern).matchesText(text), expected);
        assert.equal(
          TextPattern.containing(text).matchesText(pattern),
          pattern.toLowerCase().includes(text.toLowerCase()),
        );
      }),
      { numRuns: 2000 },
    );
  });
});
