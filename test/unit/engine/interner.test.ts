import assert from "node:assert/strict";
import fc from "fast-check";
import { Interner } from "../../../src/engine/interner";

describe("Interner", () => {
  it("gives equal texts equal numbers, and every number its text", () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: "grapheme" })), (texts) => {
        const interner = new Interner();
        const numbers = texts.map((text) => interner.add(text));
        const model = new Map<string, number>();
        texts.forEach((text, index) => {
          assert.equal(numbers[index], model.get(text) ?? model.size);
          if (!model.has(text)) model.set(text, model.size);
          assert.equal(interner.text(numbers[index]!), text);
          assert.equal(interner.find(text), numbers[index]);
        });
        assert.equal(interner.size, model.size);
        assert.equal(interner.find("not there \u{1F600}"), model.get("not there \u{1F600}") ?? -1);
      }),
    );
  });

  it("keeps many texts apart", () => {
    const interner = new Interner();
    const texts = Array.from({ length: 20_000 }, (_, index) => `/item/${index}?q=${index % 7}`);
    texts.forEach((text, index) => {
      assert.equal(interner.add(text), index);
    });
    texts.forEach((text, index) => {
      assert.equal(interner.text(index), text);
    });
  });

  it("keeps a byte order mark", () => {
    const interner = new Interner();
    assert.equal(interner.text(interner.add("\uFEFFx")), "\uFEFFx");
  });
});
