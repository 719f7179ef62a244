import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Comparison } from "../../../src/model/compare/compare";
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
  mkdirSync(path);
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
