import assert from "node:assert/strict";
import fc from "fast-check";
import { Ids } from "../../../src/engine/ids";
import { Packer, Unpacker } from "../../../src/engine/packing";
import { TextPattern } from "../../../src/engine/text-pattern";

const hex = (digits: number) => fc.stringMatching(new RegExp(`^[0-9a-f]{${digits}}$`));
const traced = fc.tuple(hex(32), hex(16)).map(([trace, span]) => `${trace}-${span}`);
/** Ids as writers make them, nearly such ones, and any other text; few enough that they repeat. */
const id = fc.oneof(
  traced,
  fc
    .tuple(traced, fc.nat({ max: 48 }), fc.constantFrom("g", "A", "-", "/", ":", "`", "é", "o"))
    .map(([text, at, other]) => text.slice(0, at) + other + text.slice(at + 1)),
  fc.constantFrom("", "1", "a-b", `${"0".repeat(32)}-${"0".repeat(16)}`, `${"0".repeat(31)}1-${"f".repeat(16)}`),
  fc.string({ unit: "grapheme" }),
);

describe("Ids", () => {
  it("gives every number its text, and equal ids the first of their numbers once they are joined by", () => {
    fc.assert(
      fc.property(fc.array(id), fc.array(id), (before, after) => {
        const ids = new Ids();
        const first = new Map<string, number>();
        for (const text of before) {
          const number = ids.add(text);
          assert.equal(ids.text(number), text);
          if (!first.has(text)) first.set(text, number);
        }
        ids.join();
        before.forEach((text, number) => {
          assert.equal(ids.canonical(number), first.get(text));
        });
        for (const text of [...after, ...before]) {
          const number = ids.add(text);
          assert.equal(number, first.get(text) ?? number);
          assert.equal(ids.text(number), text);
          first.set(text, number);
        }
      }),
    );
  });

  it("gives back what was packed, and goes on", () => {
    fc.assert(
      fc.property(fc.array(id), fc.array(id), (before, after) => {
        const ids = new Ids();
        for (const text of before) ids.add(text);
        const packer = new Packer();
        const packed = ids.pack(packer);
        const again = new Ids();
        again.unpack(packed, new Unpacker(packer.arrays));
        again.join();
        for (const text of [...before, ...after]) assert.equal(again.text(again.add(text)), text);
        assert.equal(again.size >= new Set([...before, ...after]).size, true);
      }),
    );
  });

  it("finds patterns in packed ids and in others", () => {
    const ids = new Ids();
    const text = "4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7";
    for (const one of [text, "request 4bf9"]) {
      const number = ids.add(one);
      assert.ok(ids.matches(number, TextPattern.containing("4BF9")));
      assert.ok(ids.matches(number, new TextPattern(`${one.slice(0, 3)}*`)));
      assert.ok(!ids.matches(number, TextPattern.containing("4bfa")));
    }
  });

  it("finds a word in a packed id where it stands in its text, and nowhere else", () => {
    const digits = (length: number) =>
      fc.string({ unit: fc.constantFrom(..."01a"), minLength: length, maxLength: length });
    const word = fc.string({ unit: fc.constantFrom(..."01aA-*g"), maxLength: 12 });
    fc.assert(
      fc.property(digits(32), digits(16), word, (trace, span, searched) => {
        const ids = new Ids();
        const text = `${trace}-${span}`;
        const found = ids.matches(ids.add(text), TextPattern.containing(searched));
        assert.equal(found, text.includes(searched.toLowerCase()));
      }),
      { numRuns: 1000 },
    );
  });

  it("keeps many apart, whatever they have in common", () => {
    const ids = new Ids();
    const texts = Array.from({ length: 20_000 }, (_, at) => `${at.toString(16).padStart(32, "0")}-00f067aa0ba902b7`);
    ids.join();
    for (const [number, text] of texts.entries()) assert.equal(ids.add(text), number);
    for (const [number, text] of texts.entries()) assert.equal(ids.add(text), number);
  });
});
