import assert from "node:assert/strict";
import { spanOf } from "../../../src/extension/span";
import type { Role } from "../../../src/model/record";
import type { RequestMarks } from "../../../src/model/request";
import type { LineLookup, RequestDetail } from "../../../src/protocol/messages";

const marks: RequestMarks = {
  requestStart: 1_000,
  responseStart: 1_700,
  responseEnd: 2_000,
  arrival: [5_990, 6_000],
  parseStart: 6_100,
  parseEnd: 6_110,
  processEnd: 6_600,
  sendEnd: 6_650,
};
const at = (side: Role, offset: RequestDetail["offset"], own: Partial<RequestMarks> = {}): LineLookup =>
  ({ side, detail: { offset, request: { marks: { ...marks, ...own } } } }) as LineLookup;
const joined = { value: 5_000, uncertainty: 0 };

describe("the span of selected records", () => {
  it("of one side is from its first stamp to its last, whatever the other clock says", () => {
    assert.equal(spanOf([at("client", null)]), 1_000);
    assert.equal(spanOf([at("server", null)]), 550);
    assert.equal(spanOf([at("server", null), at("server", null, { parseStart: 9_000, sendEnd: 9_500 })]), 3_400);
  });

  it("of both sides is on the client's axis", () => {
    assert.equal(spanOf([at("client", joined), at("server", joined)]), 1_000);
    assert.equal(spanOf([at("client", joined), at("server", joined, { sendEnd: 7_500 })]), 1_500);
  });

  it("of both sides is not given where their clocks are not joined", () => {
    assert.equal(spanOf([at("client", null), at("server", null)]), null);
  });

  it("of nothing is none", () => {
    assert.equal(spanOf([]), null);
  });
});
