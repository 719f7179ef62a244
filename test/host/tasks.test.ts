import assert from "node:assert/strict";
import { readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import * as vscode from "vscode";
import { COMMANDS } from "../../src/extension/ids";
import { Schedules } from "../../src/extension/schedules";
import type { SessionKey } from "../../src/protocol/messages";
import { createSession, finishSession } from "../../src/session";
import { api, campusSession, requestsOf, until, workspace } from "./support";
import { freePort, listedTasks, runTask, writeTasks } from "./tasks-json";

/** Runs these, ends what they depend on, and resolves to the session that they made. */
async function sessionOfTasks(labels: readonly string[]): Promise<SessionKey> {
  const { sessions } = await api();
  const before = (await sessions.list()).map(({ key }) => key);
  for (const label of labels) assert.equal(await runTask(label), 0, label);
  await vscode.commands.executeCommand(COMMANDS.stop);
  const session = await until("the session", async () =>
    (await sessions.list()).find(({ key }) => !before.includes(key)),
  );
  return session.key;
}

const header = (session: SessionKey, log: string) =>
  JSON.parse(readFileSync(join(session, log), "utf8").split("\n")[0]!);

describe("the task type in tasks.json", () => {
  let restore = () => {};
  afterEach(() => restore());

  it("is found, and a probe that depends on a server waits for it and shares its session", async () => {
    const port = await freePort();
    const labels = { serve: "serve the campus", probe: "probe the campus" };
    restore = writeTasks([
      { label: labels.serve, serve: ".", port, isBackground: true, problemMatcher: "$requestTimeline" },
      { label: labels.probe, urls: [`http://127.0.0.1:${port}/`], page: true, dependsOn: labels.serve },
    ]);
    await listedTasks(Object.values(labels));
    const session = await sessionOfTasks([labels.probe]);
    const requests = await requestsOf(session);
    assert.equal(header(session, "server.ndjson").recording, header(session, "client.ndjson").recording);
    assert.ok(requests.length > 5);
    for (const { pairing, url } of requests) assert.notEqual(pairing, "none", url);
  });

  it("a server of a finished recording that a reload of the window brings back is ended", async () => {
    const finished = join(workspace(), ".request-timeline/2001-02-03T04-05-06");
    const label = "serve what was recorded long ago";
    await createSession(finished, { commands: { serve: "." }, tool: "1" });
    await finishSession(finished);
    restore = writeTasks([{ label, serve: ".", session: finished }]);
    try {
      await listedTasks([label]);
      // Nobody else ends it.
      await runTask(label);
    } finally {
      rmSync(finished, { recursive: true });
    }
  });

  it("a schedule that is done leaves the user's server alone, and ends Record's where a reload has cut Record off", async () => {
    const { recordings } = await api();
    const port = await freePort();
    const url = `http://127.0.0.1:${port}/`;
    const [serve, probe] = ["serve for a schedule", "the schedule"];
    // One slot, at once; its end is far away for a busy machine, too.
    const end = new Date(Date.now() + 30 * 60_000).toISOString();
    restore = writeTasks([
      { label: serve, serve: ".", port, isBackground: true, problemMatcher: "$requestTimeline" },
      { label: probe, urls: [url], every: "1h", until: end, dependsOn: serve },
    ]);
    await listedTasks([serve, probe]);
    const stopped: SessionKey[] = [];
    const remembered = new Map<string, unknown>();
    const memory = {
      get: (key: string) => remembered.get(key),
      update: async (key: string, value: unknown) => void remembered.set(key, value),
      keys: () => [...remembered.keys()],
    } as vscode.Memento;
    // As it is when the recording began, and after the reload.
    const recorder = { session: null as SessionKey | null, goOn: async () => {} };
    const stop = async (sessions: readonly SessionKey[] = []) => {
      stopped.push(...sessions);
      await vscode.commands.executeCommand(COMMANDS.stop);
    };
    const schedules = new Schedules(recorder, { stop }, memory, async () => {});
    const watch = vscode.tasks.onDidStartTask(({ execution }) => {
      if (execution.task.name === probe) setTimeout(() => (recorder.session = null));
    });
    try {
      assert.equal(await runTask(probe), 0);
      const [session] = recordings.live;
      assert.equal((await fetch(url)).status, 200);
      assert.deepEqual(stopped, []);
      recorder.session = session!;
      assert.equal(await runTask(probe), 0);
      await until("the end of the recording", () => !recordings.isLive(session!) || null);
      assert.deepEqual(stopped, [session]);
    } finally {
      watch.dispose();
      schedules.dispose();
      await vscode.commands.executeCommand(COMMANDS.stop);
    }
  });

  it("receives what OpenTelemetry sends, into a session that shows it at once, until Stop", async () => {
    const { sessions, engine } = await api();
    const campus = await campusSession();
    const { length } = await requestsOf(campus);
    const file = join(workspace(), "sent.otlp");
    await vscode.commands.executeCommand(COMMANDS.exportAs, { session: campus, format: "otlp", file });
    const bodies = readFileSync(file, "utf8").trimEnd().split("\n");
    rmSync(file);
    const port = await freePort();
    const label = "receive traces";
    restore = writeTasks([{ label, receive: true, port, isBackground: true, problemMatcher: "$requestTimeline" }]);
    await listedTasks([label]);
    const before = (await sessions.list()).map(({ key }) => key);
    await vscode.commands.executeCommand("workbench.action.tasks.runTask", label);
    const answers = (init?: RequestInit) =>
      fetch(`http://127.0.0.1:${port}/v1/traces`, init).then(
        ({ status }) => status,
        () => null,
      );
    await until("the receiver", answers);
    const headers = { "content-type": "application/json" };
    for (const body of bodies) assert.equal(await answers({ method: "POST", headers, body }), 200);
    const { key } = await until("its session", async () =>
      (await sessions.list()).find((session) => !before.includes(session.key)),
    );
    await sessions.open(key);
    await until("the requests, while it receives", async () => {
      const info = await engine.request("info", { session: key });
      return info.requests === length;
    });
    await vscode.commands.executeCommand(COMMANDS.stop);
    // The process ends a moment after its terminal.
    await until("the receiver's end", async () => (await answers()) === null);
    assert.deepEqual(
      readdirSync(key).filter((name) => name.endsWith(".ndjson")),
      ["server.otlp.ndjson"],
    );
  });

  it("takes the options of server and probe: a pool, a load of either kind, a request file, a browser", async () => {
    const port = await freePort();
    const base = `http://127.0.0.1:${port}`;
    const serve = "serve with a pool";
    const pool = { workers: 2, lock: "handler", cgiMode: "persistent", maxLoad: 0.95 };
    const calendar = `${base}/cgi-bin/calendar.cgi?3+1993`;
    const dependsOn = serve;
    const probes = [
      { label: "open loop", urls: [calendar], rate: 20, duration: "1s", connections: 2, dependsOn },
      { label: "closed loop", urls: [`${base}/?closed`], closed: true, duration: "2s", connections: 1, dependsOn },
      { label: "script", urls: ["campus.http"], variable: [`base=${base}`], dependsOn },
      { label: "browser", urls: [`${base}/`], browser: true, dependsOn },
    ];
    writeFileSync(join(workspace(), "campus.http"), "HEAD {{base}}/\nX-From: a file\n");
    restore = writeTasks([
      { label: serve, serve: ".", port, ...pool, isBackground: true, problemMatcher: "$requestTimeline" },
      ...probes,
    ]);
    const labels = probes.map(({ label }) => label);
    await listedTasks([serve, ...labels]);
    const session = await sessionOfTasks(labels);
    const workers = readdirSync(session)
      .filter((name) => /^server\..+\.ndjson$/.test(name))
      .map((name) => header(session, name).worker);
    assert.deepEqual(workers.sort(), [1, 2]);
    const requests = await requestsOf(session);
    const open = requests.filter(({ marks }) => marks.intendedStart !== undefined);
    assert.equal(open.length, 20);
    const answered = open.filter(({ status }) => status === 200);
    const spans = new Set(answered.flatMap(({ children }) => children.map(({ kind, name }) => `${kind} ${name}`)));
    assert.ok(spans.has("lock handler") && spans.has("cgi calendar.persistent"), [...spans].join());
    assert.ok(requests.filter(({ url }) => url.endsWith("/?closed")).length > 1);
    assert.deepEqual(
      requests.filter(({ method }) => method === "HEAD").map(({ pairing }) => pairing),
      ["id"],
    );
    const browsed = requests.filter(({ url, pairing }) => pairing === "connection" && !url.includes("?"));
    assert.ok(browsed.length > 5, `${browsed.length}`);
  });
});
