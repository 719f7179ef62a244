import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import * as vscode from "vscode";
import { COMMANDS, TASK_TYPE } from "../../src/extension/ids";
import { CLIENT_LOG, MANIFEST_FILE, SERVER_LOG } from "../../src/model/manifest";
import { FIRST_VIEW } from "../../src/protocol/messages";
import { api, CAMPUS, campusSession, record, requestsOf, until, workspace } from "./support";

/** Until the log has a request: a server that is ended at once after its answer may not have written it yet. */
const logged = (session: string) =>
  until("the record", () => readFileSync(join(session, SERVER_LOG), "utf8").includes('{"type":"server"'));

describe("Record", () => {
  it("runs server and probe as tasks, and opens the timeline while it fills", async () => {
    const { panel } = await api();
    const started: string[] = [];
    const subscription = vscode.tasks.onDidStartTask(({ execution: { task } }) => {
      if (task.definition.type === TASK_TYPE) started.push(task.name);
    });
    const { session } = await record(CAMPUS);
    subscription.dispose();
    assert.deepEqual([started[0], started[1]?.split(" ")[0]], ["serve .", "probe"]);
    assert.equal(panel.session, session);
    assert.deepEqual(
      vscode.tasks.taskExecutions.filter(({ task }) => task.definition.type === TASK_TYPE),
      [],
    );
  });

  it("ends with a session in the workspace whose rows are there, each paired", async () => {
    const session = await campusSession();
    assert.ok(session.startsWith(join(workspace(), ".request-timeline")));
    for (const file of [MANIFEST_FILE, SERVER_LOG, CLIENT_LOG]) assert.ok(existsSync(join(session, file)), file);
    assert.equal(readFileSync(join(workspace(), ".request-timeline/.gitignore"), "utf8"), "*\n");
    const manifest = JSON.parse(readFileSync(join(session, MANIFEST_FILE), "utf8"));
    assert.ok(manifest.ended > manifest.started);
    assert.deepEqual(manifest.commands.probe, ["--page", ...CAMPUS.urls]);
    const requests = await requestsOf(session);
    const paths = requests.map(({ url }) => new URL(url).pathname);
    for (const path of ["/", "/cgi-bin/calendar.cgi"]) assert.ok(paths.includes(path), path);
    assert.ok(paths.filter((path) => path.includes("images/")).length >= 7, paths.join(" "));
    for (const { pairing, url } of requests) assert.ok(pairing === "id" || pairing === "connection", url);
  });

  it("answers a window of rows", async () => {
    const { engine } = await api();
    const session = await campusSession();
    const asked = { session, page: "test", view: FIRST_VIEW };
    const { rows, revision, total } = await engine.request("view", asked);
    const window = await engine.request("rows", { session, page: "test", revision, from: 0, count: rows });
    assert.equal(window.count, total);
    assert.ok(window.times instanceof Float64Array);
    assert.ok(window.dictionary.includes("GET"));
  });

  it("without URLs records until Stop, and has the server's lane alone", async () => {
    const recorded = await record({ serve: ".", urls: [] });
    const status = await fetch(recorded.url).then((response) => response.status);
    assert.equal(status, 200);
    await logged(recorded.session);
    await vscode.commands.executeCommand(COMMANDS.stop);
    const manifest = JSON.parse(readFileSync(join(recorded.session, MANIFEST_FILE), "utf8"));
    assert.ok(manifest.ended);
    const requests = await requestsOf(recorded.session);
    assert.deepEqual([requests[0]!.log.client, requests[0]!.marks.requestStart], [null, null]);
    assert.ok(requests[0]!.marks.parseStart);
  });

  it("runs a command of the user's under the hook, without VS Code's own switch for its Node", async () => {
    const code = `require("node:http").createServer((request, response) =>
      response.end(process.env.ELECTRON_RUN_AS_NODE ?? "not set")).listen(0, "127.0.0.1")`;
    const recorded = await record({ command: "node", args: ["-e", code], env: { ELECTRON_RUN_AS_NODE: "1" } });
    assert.equal(await fetch(recorded.url).then((response) => response.text()), "not set");
    await logged(recorded.session);
    await vscode.commands.executeCommand(COMMANDS.stop);
    const requests = await requestsOf(recorded.session);
    assert.equal(requests[0]!.status, 200);
  });

  it("runs a script of package.json, leaves npm itself alone, and knows when a handler has changed since", async () => {
    const code = `require("node:http").createServer(function hello(_, response) { response.end("hello"); })
      .listen(0, "127.0.0.1")`;
    writeFileSync(join(workspace(), "hello.js"), code);
    writeFileSync(join(workspace(), "package.json"), JSON.stringify({ scripts: { dev: "node hello.js" } }));
    const { session } = await record({ script: "dev", urls: ["/"] });
    const requests = await requestsOf(session);
    assert.deepEqual(
      requests.map(({ status, pairing, handler }) => [status, pairing, handler?.name, handler?.file]),
      [[200, "id", "hello", "hello.js"]],
    );
    const link = { session, request: 0, which: "handler" };
    const opened = () => vscode.commands.executeCommand<{ changed: boolean }>(COMMANDS.openHandler, link);
    assert.equal((await opened()).changed, false);
    writeFileSync(join(workspace(), "hello.js"), `// changed since\n${code}`);
    assert.equal((await opened()).changed, true);
    const logs = readdirSync(session).filter((name) => /^server.*\.ndjson$/.test(name));
    assert.deepEqual(logs, [SERVER_LOG]);
  });

  it("says in a sentence that a command ended before it listened, and leaves nothing running", async () => {
    await assert.rejects(
      record({ command: "node", args: ["-e", "process.exit(3)"] }),
      /“node -e process\.exit\(3\)” ended with status 3 before it listened; its terminal says why\./,
    );
    await until("the end of the tasks", () => vscode.tasks.taskExecutions.length === 0);
  });
});
