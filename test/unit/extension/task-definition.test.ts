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
    assert.equal(roleOf({ type, receive: true }), "server");
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

  it("of a receiver leaves the server's own log alone", () => {
    assert.deepEqual(taskArguments({ type, receive: true, port: 0 }, "/s"), [
      "receive",
      ...log("server.otlp.ndjson"),
      ...["--port", "0"],
    ]);
  });

  it("tells the probe all that its command line takes", () => {
    const words = (options: object) =>
      taskArguments({ type, urls: ["/"], base: "http://h:1/", ...options }, "/s").slice(4);
    const base = ["--base", "http://h:1/"];
    assert.deepEqual(words({ browser: true, headed: false, count: 2 }), ["--count", "2", "--browser", ...base]);
    assert.deepEqual(words({ rate: 100, duration: "10s", warmUp: "2s", connections: 8 }), [
      ...["--rate", "100", "--duration", "10s", "--warm-up", "2s", "--connections", "8"],
      ...base,
    ]);
    assert.deepEqual(words({ page: true, every: "30m", until: "18:00" }), [
      ...["--page", "--every", "30m", "--until", "18:00"],
      ...base,
    ]);
    assert.deepEqual(words({ header: ["A: 1", "B: 2"] }), ["--header", "A: 1", "--header", "B: 2", ...base]);
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
