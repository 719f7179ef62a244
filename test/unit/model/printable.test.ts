import assert from "node:assert/strict";
import { printable } from "../../../src/model/printable";

describe("text of hostile input", () => {
  it("has no character that moves a cursor or turns the order of others", () => {
    const seen = printable("/a\u0000\u001b[2J\u0085\u2028\u202Egnp.exe\u2066\u200F");
    assert.equal(seen, "/a\uFFFD\uFFFD[2J\uFFFD\uFFFD\uFFFDgnp.exe\uFFFD\uFFFD");
  });

  it("keeps every script's letters, and what joins an emoji", () => {
    for (const text of ["/مرحبا/שלום", "/日本語", "/👩‍👩‍👧", "/e\u0301", "/a b\u00a0c"])
      assert.equal(printable(text), text);
  });
});
