import assert from "node:assert/strict";
import { shapeOf } from "../../../src/instrument/shape";

describe("the kind of a path", () => {
  it("has one sign for each part with a digit, and no query", () => {
    assert.equal(shapeOf("/users/17/posts/a1b?page=2"), "/users/:/posts/:");
    assert.equal(shapeOf("/about?id=1"), "/about");
    assert.equal(shapeOf("7/a"), ":/a");
    assert.equal(shapeOf("*"), "*");
  });

  it("is short and soon found, whatever a client asks for", () => {
    for (const part of ["a", "1", "a1", "/", "a/", "1/", "?"])
      assert.ok(shapeOf(`/1/${part.repeat(1_000_000)}`).length <= 500, part);
  });
});
