import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { environmentSnippet } from "../../../src/extension/environment-snippet";

const input = {
  hook: "/ext/it's here/hook.js",
  sessionFolder: "/ws/.request-timeline/s 1",
  recording: "0123456789abcdef",
};

describe("the environment to paste", () => {
  it("into launch.json is its env attribute", () => {
    const { env } = JSON.parse(`{${environmentSnippet("launch", input)}}`);
    assert.equal(env.REQUEST_TIMELINE_LOG, "/ws/.request-timeline/s 1/server.ndjson");
    assert.equal(env.REQUEST_TIMELINE_RECORDING, input.recording);
    assert.equal(env.NODE_OPTIONS, `--require "/ext/it's here/hook.js"`);
  });

  it("into a shell keeps every character, and what NODE_OPTIONS said before", () => {
    const script = `${environmentSnippet("shell", input)}\nprintf '%s\\n' "$NODE_OPTIONS" "$REQUEST_TIMELINE_LOG"`;
    const env = { NODE_OPTIONS: "--no-warnings" };
    const [options, log] = execFileSync("sh", ["-c", script], { encoding: "utf8", env }).split("\n");
    assert.equal(options, `--no-warnings --require "/ext/it's here/hook.js"`);
    assert.equal(log, "/ws/.request-timeline/s 1/server.ndjson");
  });

  it("into docker run mounts hook and session, and names them as the container sees them", () => {
    const script = `for word in ${environmentSnippet("container", input)}; do printf '%s\\n' "$word"; done`;
    assert.deepEqual(execFileSync("sh", ["-c", script], { encoding: "utf8" }).trimEnd().split("\n"), [
      "-v",
      "/ext/it's here/hook.js:/request-timeline/hook.js:ro",
      "-v",
      "/ws/.request-timeline/s 1:/request-timeline/session",
      "-e",
      'NODE_OPTIONS=--require "/request-timeline/hook.js"',
      "-e",
      "REQUEST_TIMELINE_LOG=/request-timeline/session/server.ndjson",
      "-e",
      "REQUEST_TIMELINE_RECORDING=0123456789abcdef",
    ]);
  });
});
