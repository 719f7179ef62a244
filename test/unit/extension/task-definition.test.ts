import assert from "node:assert/strict";
import { join } from "node:path";
import { isRecordOptions, isTaskDefinition, roleOf, taskArguments } from "../../../src/extension/task-definition";

const type = "requestTimeline" as const;
const log = (file: string) => ["--log", join("/s", file)];

describe("a task's definition", () => {
  it("records one end: a served folder or a command is the server's, URLs are the client's", () => {
    assert.equal(roleOf({ type, serve: "." }), "server");
    assert.equal(roleOf({ type, command: "node" }), "server");
    assert.equal(roleOf({ type, urls: ["http://localhost/"] }), "client");
    assert.equal(roleOf({ type }), null);
    assert.equal(roleOf({ type, serve: ".", command: "node" }), null);
    assert.equal(roleOf({ type, serve: ".", urls: [] }), null);
  });

  it("becomes a command line of words, in which nothing is joined or quoted", () => {
    assert.deepEqual(taskArguments({ type, serve: "a b", port: 8080 }, "/s"), [
      ...["serve", "--root", "a b", "--port", "8080"],
      ...log("server.ndjson"),
    ]);
    assert.deepEqual(
      taskArguments({ type, serve: ".", workers: 2, maxLoad: 0.95, cgiMode: "persistent", lock: "handler" }, "/s"),
      [
        ...["serve", "--root", ".", "--port", "0", ...log("server.ndjson")],
        ...["--workers", "2", "--max-load", "0.95", "--cgi-mode", "persistent", "--lock", "handler"],
      ],
    );
    assert.deepEqual(taskArguments({ type, command: "node", args: ["--x", "a; rm -rf b"] }, "/s"), [
      ...["run", ...log("server.ndjson"), "--"],
      ...["node", "--x", "a; rm -rf b"],
    ]);
    assert.deepEqual(taskArguments({ type, urls: ["http://h/"], page: true, count: 3 }, "/s"), [
      ...["probe", "http://h/", ...log("client.ndjson")],
      ...["--page", "--count", "3"],
    ]);
  });

  it("is refused with a field that it does not have, or of another type", () => {
    assert.ok(isTaskDefinition({ type, command: "node", env: { A: "1" } }));
    assert.ok(!isTaskDefinition({ type, command: "node", env: { A: 1 } }));
    assert.ok(!isTaskDefinition({ type, command: ["node"] }));
    assert.ok(!isTaskDefinition({ type, serve: ".", port: 65_536 }));
    assert.ok(!isTaskDefinition({ type, serve: ".", lock: "some" }));
    assert.ok(!isTaskDefinition({ type: "shell", command: "node" }));
    assert.ok(isRecordOptions({ script: "dev", urls: ["/"] }));
    assert.ok(!isRecordOptions({ shell: "dev" }));
  });
});
