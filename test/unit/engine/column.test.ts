import assert from "node:assert/strict";
import fc from "fast-check";
import { Column } from "../../../src/engine/column";
import type { ElementType } from "../../../src/engine/elements";

const TYPES: ElementType[] = ["u8", "u16", "u32", "i32", "f64"];
const number = fc.oneof(
  fc.integer({ min: -5, max: 300 }),
  fc.constantFrom(
    254,
    255,
    65_534,
    65_535,
    2 ** 31 - 1,
    -(2 ** 31),
    -(2 ** 31) + 1,
    2 ** 32 - 2,
    2 ** 32 - 1,
    2 ** 53 - 1,
  ),
  fc.double({ noNaN: true }),
  fc.constant(Number.NaN),
);

describe("Column", () => {
  for (const type of TYPES)
    it(`gives back what was set, whatever fits its elements (${type})`, () => {
      fc.assert(
        fc.property(fc.array(fc.tuple(fc.nat({ max: 700 }), number), { maxLength: 400 }), (writes) => {
          const column = new Column(type);
          const model = new Map<number, number>();
          for (const [index, value] of writes) {
            column.set(index, value);
            model.set(index, value);
          }
          for (let index = 0; index <= 701; index++)
            assert.equal(column.get(index) + 0, (model.get(index) ?? Number.NaN) + 0);
        }),
      );
    });

  for (const type of TYPES)
    it(`is told many values at once as one after the other (${type})`, () => {
      const runs = fc.array(fc.tuple(fc.nat({ max: 90 }), fc.array(number, { maxLength: 300 })), { maxLength: 6 });
      fc.assert(
        fc.property(runs, (told) => {
          const [atOnce, oneByOne] = [new Column(type), new Column(type)];
          let end = 0;
          for (const [gap, values] of told) {
            const first = end + gap;
            atOnce.setAll(first, Float64Array.from(values));
            values.forEach((value, at) => {
              if (!Number.isNaN(value)) oneByOne.set(first + at, value);
            });
            end = first + values.length;
          }
          for (let index = 0; index <= end; index++) assert.equal(atOnce.get(index) + 0, oneByOne.get(index) + 0);
          assert.equal(atOnce.bytes, oneByOne.bytes);
        }),
      );
    });

  it("costs nothing while it is empty, and its elements once it is full", () => {
    const column = new Column("u16");
    assert.equal(column.bytes, 0);
    for (let index = 0; index < 4096; index++) column.set(index, index);
    assert.equal(column.bytes, 8192);
  });
});
