import assert from "node:assert/strict";
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import * as vscode from "vscode";
import { COMMANDS, TASK_TYPE } from "../../src/extension/ids";
import { api, requestsOf, until, workspace } from "./support";

const freePort = (): Promise<number> =>
  new Promise((resolve, reject) => {
    const server = createServer().on("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() => resolve(typeof address === "object" && address ? address.port : 0));
    });
  });

describe("the task type in tasks.json", () => {
  const file = join(workspace(), ".vscode/tasks.json");
  const labels = { serve: "serve the campus", probe: "probe the campus" };

  before(async () => {
    const port = await freePort();
    const tasks = [
      {
        type: TASK_TYPE,
        label: labels.serve,
        serve: ".",
        port,
        isBackground: true,
        problemMatcher: "$requestTimeline",
      },
      {
        type: TASK_TYPE,
        label: labels.probe,
        urls: [`http://127.0.0.1:${port}/`],
        page: true,
        dependsOn: labels.serve,
      },
    ];
    mkdirSync(join(workspace(), ".vscode"), { recursive: true });
    writeFileSync(file, JSON.stringify({ version: "2.0.0", tasks }));
  });
  after(() => rmSync(file));

  it("is found, and a probe that depends on a server waits for it and shares its session", async () => {
    const { sessions } = await api();
    await until("the tasks of tasks.json", async () => {
      const names = (await vscode.tasks.fetchTasks({ type: TASK_TYPE })).map(({ name }) => name);
      return Object.values(labels).every((label) => names.includes(label));
    });
    const before = (await sessions.list()).map(({ key }) => key);
    const probed = new Promise<number | undefined>((resolve) => {
      const subscription = vscode.tasks.onDidEndTaskProcess(({ execution, exitCode }) => {
        if (execution.task.name !== labels.probe) return;
        subscription.dispose();
        resolve(exitCode);
      });
    });
    await vscode.commands.executeCommand("workbench.action.tasks.runTask", labels.probe);
    assert.equal(await probed, 0);
    await vscode.commands.executeCommand(COMMANDS.stop);
    const session = await until("the session", async () =>
      (await sessions.list()).find(({ key }) => !before.includes(key)),
    );
    const requests = await requestsOf(session.key);
    const ids = ["server.ndjson", "client.ndjson"].map((log) => {
      const [header] = readFileSync(join(session.key, log), "utf8").split("\n");
      return JSON.parse(header!).recording;
    });
    assert.equal(ids[0], ids[1]);
    assert.ok(requests.length > 5);
    for (const { pairing, url } of requests) assert.notEqual(pairing, "none", url);
  });
});
