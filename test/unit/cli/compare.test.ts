import assert from "node:assert/strict";
import { execFile, execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Comparison } from "../../../src/model/compare/compare";
import { createSession, finishSession } from "../../../src/session";
import { clientRecord, EPOCH, header, logText, requestId, serverRecord } from "../engine/sample-logs";
import { random } from "../model/random";
import { CLI, cli, inFolder } from "./support";

/** A session of three routes of 10 ms; one of them takes `slow` times as long. */
function session(folder: string, name: string, slow: number, requests = 300): string {
  const dice = random(name.length);
  const clients = [];
  const servers = [];
  for (let number = 1; number <= requests; number++) {
    const at = number * 20_000;
    const path = ["/", "/slow", "/users"][number % 3]!;
    const served = Math.round(10_000 * Math.exp(0.2 * dice.normal()) * (path === "/slow" ? slow : 1));
    const whole = served + Math.round(2000 + dice.exponential(500));
    const [id, start] = [requestId(number), EPOCH + at];
    const seen = { responseStart: start + whole - 500, responseEnd: start + whole };
    clients.push(clientRecord(number, at, { id, url: `http://localhost${path}`, ...seen }));
    const [parseStart, sendEnd] = [start + 300, start + 300 + served];
    const marks = { parseStart, parseEnd: parseStart + 30, processEnd: sendEnd - 200, sendEnd };
    servers.push(serverRecord(number, at, { id, target: path, ...marks }));
  }
  const path = join(folder, name);
  mkdirSync(path, { recursive: true });
  writeFileSync(join(path, "client.ndjson"), logText(header("client"), ...clients));
  writeFileSync(join(path, "server.ndjson"), logText(header("server"), ...servers));
  return path;
}

const statusOf = (...words: string[]): Promise<{ status: number | null; stderr: string }> =>
  new Promise((resolve) => {
    const child = execFile(process.execPath, [CLI, ...words], (_error, _stdout, stderr) =>
      resolve({ status: child.exitCode, stderr }),
    );
  });

describe("compare", () => {
  it("names the route and phase that became slower, and no other", () =>
    inFolder(async (folder) => {
      const [before, after] = [session(folder, "before", 1), session(folder, "after", 1.3)];
      const { routes, notes }: Comparison = JSON.parse(await cli("compare", before, after, "--json"));
      const changed = routes.flatMap(({ key, durations }) =>
        durations
          .filter(({ word }) => word === "slower" || word === "faster")
          .map(({ duration, word }) => [key, duration, word]),
      );
      assert.deepEqual(changed, [
        ["GET /slow", "clientResponse", "slower"],
        ["GET /slow", "serverResponse", "slower"],
        ["GET /slow", "process", "slower"],
      ]);
      assert.equal(notes.length, 1);
      assert.match(await cli("compare", before, after), /^GET \/slow +process .* slower$/m);
      assert.match(await cli("compare", after, before, "--markdown"), /^\| GET \/slow \| process \|.*\| faster \|$/m);
    }));

  it("of one session compares it with the baseline of its folder, with all that recorded the same as either", () =>
    inFolder(async (folder) => {
      const git = (...words: string[]) => execFileSync("git", ["-C", folder, ...words], { stdio: "pipe" });
      const commit = (text: string) => {
        writeFileSync(join(folder, "code.js"), text);
        git("add", "code.js");
        git("-c", "user.name=t", "-c", "user.email=t@localhost", "commit", "-qm", text);
      };
      const recorded = async (name: string, slow: number) => {
        const path = join(folder, ".request-timeline", name);
        await createSession(path, { commands: { serve: "." }, tool: "1", cwd: folder });
        session(join(folder, ".request-timeline"), name, slow);
        await finishSession(path);
        return path;
      };
      git("init", "-q");
      commit("one");
      const first = await recorded("first", 1);
      await recorded("again", 1);
      commit("two");
      const after = await recorded("after", 1.3);
      const refused = await statusOf("compare", after);
      assert.deepEqual([refused.status, /--set-baseline/.test(refused.stderr)], [2, true]);
      assert.match(await cli("compare", "--set-baseline", first), /is the baseline/);
      assert.match(await cli("compare", after), /^Before: 2 sessions at commit [0-9a-f]{8}\. After: after at commit/m);
      assert.equal((await statusOf("compare", after, "--fail-on-regression")).status, 1);
      assert.equal((await statusOf("compare", first)).status, 2);
      const manifest = JSON.parse(readFileSync(join(first, "manifest.json"), "utf8"));
      writeFileSync(
        join(first, "manifest.json"),
        JSON.stringify({ ...manifest, git: { commit: "0".repeat(40), dirty: false } }),
      );
      const moved = await statusOf("compare", after);
      assert.deepEqual([moved.status, /became the baseline at commit/.test(moved.stderr)], [2, true]);
    }));

  it("takes budgets from VS Code's settings, comments and all", () =>
    inFolder(async (folder) => {
      const [before, after] = [session(folder, "before", 1), session(folder, "after", 1)];
      const settings = join(folder, "settings.json");
      writeFileSync(
        settings,
        '{ // of the workspace\n "a": "http://x/*y*/", /* budgets */ "requestTimeline.budgets":\n{"*": {"serverResponse": {"p50": 1,},}, }, }',
      );
      const { status, stderr } = await statusOf(
        "compare",
        before,
        after,
        "--fail-on-regression",
        "--budgets",
        settings,
      );
      assert.deepEqual([status, stderr.match(/^over its budget: /gm)?.length], [1, 3]);
    }));

  it("fails on a regression and on a certain overrun only where asked to, and on wrong use with status 2", () =>
    inFolder(async (folder) => {
      const [before, after] = [session(folder, "before", 1), session(folder, "after", 1.3)];
      const budgets = join(folder, "budgets.json");
      writeFileSync(budgets, '{"GET /users": {"serverResponse": {"p50": 1}}}');
      assert.equal((await statusOf("compare", before, after)).status, 0);
      assert.equal((await statusOf("compare", before, after, "--fail-on-regression")).status, 1);
      assert.equal((await statusOf("compare", after, before, "--fail-on-regression")).status, 0);
      const over = await statusOf("compare", after, before, "--fail-on-regression", "--budgets", budgets);
      assert.equal(over.status, 1);
      assert.match(over.stderr, /^over its budget: GET \/users: serverResponse p50 .* for 1\.00 ms$/m);
      writeFileSync(budgets, '{"*": {"serverResponse": {"p77": 1}}}');
      assert.equal((await statusOf("compare", after, before, "--budgets", budgets)).status, 2);
      assert.equal((await statusOf("compare", before)).status, 2);
    }));
});
