import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { join, resolve } from "node:path";
import { until } from "../instrument/support";
import { ask } from "./support";

const SERVER = join(resolve(__dirname, "../../.."), "examples/express/server.js");

describe("the Express example", () => {
  it("has a route that is fast, one that computes, one that waits for a service, one that streams, one that fails", async () => {
    const child = spawn(process.execPath, [SERVER], { env: { ...process.env, PORT: "0" } });
    const ended = new Promise((done) => child.on("close", (status, signal) => done(signal ?? status)));
    try {
      let said = "";
      child.stdout.on("data", (chunk) => {
        said += chunk;
      });
      await until(() => said.includes("listening on"));
      const url = /http:\S+/.exec(said)![0];
      assert.equal((await ask(url, "/")).status, 200);
      assert.deepEqual(JSON.parse((await ask(url, "/primes/1000")).text), { limit: 1_000, count: 168 });
      assert.deepEqual(JSON.parse((await ask(url, "/prices/eur")).text), { currency: "eur", price: 92 });
      assert.equal((await ask(url, "/prices/none")).status, 404);
      assert.equal((await ask(url, "/report")).text.trim().split("\n").length, 10);
      const broken = await ask(url, "/broken");
      assert.deepEqual([broken.status, /at .*server\.js/.test(broken.text)], [500, false]);
    } finally {
      child.kill("SIGTERM");
    }
    assert.equal(await ended, 0);
  });
});
