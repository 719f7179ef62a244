import assert from "node:assert/strict";
import { version } from "../../../package.json";
import { HOOK_VERSION } from "../../../src/instrument/install";

describe("the hook's version", () => {
  it("is the package's", () => assert.equal(HOOK_VERSION, version));
});
