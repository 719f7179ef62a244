import assert from "node:assert/strict";
import fc from "fast-check";
import { splitWords } from "../../../src/session/words";

describe("a command line as words", () => {
  const cases: [string, string[]][] = [
    ["", []],
    ["  node  server.js ", ["node", "server.js"]],
    [`node "my server.js" 'a "b"'`, ["node", "my server.js", 'a "b"']],
    [String.raw`a\ b "c\"d" e\\f`, ["a b", 'c"d', String.raw`e\f`]],
    [`--x="a b"'c d'e`, ["--x=a bc de"]],
    [`""`, [""]],
    ["$HOME `x` $(y) *", ["$HOME", "`x`", "$(y)", "*"]],
  ];
  for (const [line, words] of cases)
    it(`splits ${JSON.stringify(line)}`, () => {
      assert.deepEqual(splitWords(line), words);
    });

  it("says that a quotation mark is not closed", () => {
    for (const line of [`"open`, "it's"]) assert.throws(() => splitWords(line), /is not closed/);
  });

  it("gives back what single quotes enclose", () => {
    const word = fc.string().filter((text) => !/['\r\n\u2028\u2029]/.test(text));
    fc.assert(
      fc.property(fc.array(word), (words) => {
        assert.deepEqual(splitWords(words.map((text) => `'${text}'`).join(" ")), words);
      }),
    );
  });
});
