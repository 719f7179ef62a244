import assert from "node:assert/strict";
import { budgetsIn } from "../../../src/cli/budgets-file";

const BUDGETS = { "GET /": { serverResponse: { p95: 250 } } };

describe("a file of budgets", () => {
  it("is JSON, or a settings file with comments and commas as VS Code allows them", () => {
    assert.deepEqual(budgetsIn(JSON.stringify(BUDGETS)), BUDGETS);
    const settings = `{
      // Mine: "requestTimeline.budgets": {}
      "a": "no // comment, ] and /* none either */,}", /* one
      of two lines */
      "requestTimeline.budgets": ${JSON.stringify(BUDGETS)}, // the last
    }`;
    assert.deepEqual(budgetsIn(settings), BUDGETS);
  });

  it("may have bars of slashes and stars", () => {
    for (const bar of [`//${"/".repeat(200)}`, `/${"*".repeat(200)}/`, "// ".repeat(100)])
      assert.deepEqual(budgetsIn(`{"a": 1, ${bar}\n"requestTimeline.budgets": [1,${bar}\n],\n}`), [1]);
  });

  it("that is neither says so", () => {
    for (const text of ["", "{", '{"a":', "[1,,]", '"\\"'.repeat(2_000)]) assert.throws(() => budgetsIn(text));
  });
});
