/** nginx logs of real requests by real clients, as a user has them: the directive pasted before it, and the default. */
import assert from "node:assert/strict";
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import type { AddressInfo } from "node:net";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { buildCommand, CLI } from "../engine/engine-bundle";

const NGINX = "/usr/sbin/nginx";
const FORMAT = `log_format timed '$remote_addr - $remote_user [$time_local] "$request" $status $body_bytes_sent '
  '"$http_referer" "$http_user_agent" $msec $request_time "$http_host" "$http_traceparent"';`;

const freePort = () =>
  new Promise<number>((done) => {
    const server = createServer().listen(0, "127.0.0.1", () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => done(port));
    });
  });

describe("an nginx log of real requests", function () {
  this.timeout(60_000);
  let folder: string;
  let port: number;
  let nginx: ChildProcess;
  const log = () => join(folder, "access.log");
  /** Without id, connection or duration, in whole seconds: nginx's own default. */
  const plain = () => join(folder, "plain.log");
  const logged = () =>
    readFileSync(log(), "utf8")
      .split("\n")
      .filter((line) => line.includes('HTTP/1.1"')).length;

  before(async function () {
    if (spawnSync(NGINX, ["-v"]).error) {
      process.stderr.write("    SKIPPED: nginx is not installed\n");
      this.skip();
    }
    await buildCommand();
    folder = mkdtempSync(join(tmpdir(), "request-timeline-nginx-"));
    port = await freePort();
    mkdirSync(join(folder, "html"));
    writeFileSync(join(folder, "html/big.bin"), Buffer.alloc(4 << 20));
    writeFileSync(log(), `${FORMAT}\n`);
    const temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"].map(
      (name) => `${name}_temp_path ${folder}/${name};`,
    );
    writeFileSync(
      join(folder, "nginx.conf"),
      `${process.getuid?.() === 0 ? "user root;" : ""} daemon off; pid ${folder}/pid; error_log ${folder}/error.log; worker_processes 1;
      events {}
      http { ${temporary.join(" ")} ${FORMAT} access_log ${log()} timed; access_log ${plain()} combined;
        server { listen 127.0.0.1:${port}; root ${folder}/html; location /big.bin { limit_rate 20m; } } }`,
    );
    nginx = spawn(NGINX, ["-c", join(folder, "nginx.conf"), "-p", folder], { stdio: "ignore" });
    for (const deadline = Date.now() + 45_000; ; await delay(50)) {
      if (
        await fetch(`http://127.0.0.1:${port}/`).then(
          () => true,
          () => false,
        )
      )
        break;
      assert.ok(Date.now() < deadline, "nginx does not answer");
    }
  });
  after(async () => {
    if (nginx) {
      nginx.kill("SIGTERM");
      await new Promise((done) => nginx.once("close", done));
    }
    if (folder) rmSync(folder, { recursive: true, force: true });
  });

  it("pairs with the probe's record of the same requests, each R S inside its R C", async () => {
    const url = (path: string) => `http://127.0.0.1:${port}${path}`;
    const client = join(folder, "client.ndjson");
    const before = logged();
    const probe = spawnSync(
      process.execPath,
      [CLI, "probe", url("/big.bin"), url("/none?a=1"), "--log", client, "--count", "3"],
      { encoding: "utf8" },
    );
    assert.equal(probe.status, 0, probe.stderr);
    spawnSync("curl", ["-s", "-o", "/dev/null", url("/by-curl")]);
    const curl = spawnSync("curl", ["--version"]).error ? 0 : 1;
    for (const deadline = Date.now() + 45_000; logged() < before + 6 + curl; await delay(50))
      assert.ok(Date.now() < deadline, "nginx has not logged all requests");

    const { stdout, stderr } = spawnSync(process.execPath, [CLI, "report", client, log(), "--json"], {
      encoding: "utf8",
    });
    assert.equal(stderr, "");
    const { requests, problems } = JSON.parse(stdout);
    assert.deepEqual(problems, []);
    const paired = requests.filter((request: { pairing: string }) => request.pairing === "id");
    assert.equal(paired.length, 6);
    for (const { url: target, status, durations } of paired) {
      assert.equal(status, target.includes("/big.bin") ? 200 : 404);
      // nginx measures in milliseconds.
      assert.ok(durations.serverResponse <= durations.clientResponse + 2_000, JSON.stringify(durations));
      if (target.includes("/big.bin")) assert.ok(durations.serverResponse > 100_000, JSON.stringify(durations));
    }
  });

  it("in the default format pairs by order, and leaves alone what two records fit", async () => {
    const url = (path: string) => `http://127.0.0.1:${port}${path}`;
    const client = join(folder, "plain-client.ndjson");
    const before = logged();
    const probe = spawnSync(
      process.execPath,
      [CLI, "probe", ...["/plain?1", "/plain?2", "/plain?3", "/twice"].map(url), "--log", client, "--count", "2"],
      { encoding: "utf8" },
    );
    assert.equal(probe.status, 0, probe.stderr);
    // Another client's, at the same time.
    assert.equal((await fetch(url("/twice"))).status, 404);
    for (const deadline = Date.now() + 45_000; logged() < before + 9; await delay(50))
      assert.ok(Date.now() < deadline, "nginx has not logged all requests");

    const { stdout, stderr } = spawnSync(process.execPath, [CLI, "report", client, plain(), "--json"], {
      encoding: "utf8",
    });
    assert.equal(stderr, "");
    const { requests, problems } = JSON.parse(stdout);
    assert.deepEqual(problems, []);
    const of = (path: string) => requests.filter((request: { url: string }) => request.url.includes(path));
    assert.deepEqual(
      of("/plain?").map(({ pairing, status }: { pairing: string; status: number }) => [pairing, status]),
      Array.from({ length: 6 }, () => ["order", 404]),
    );
    const alike = of("/twice");
    assert.equal(alike.length, 5);
    for (const { pairing, unpaired } of alike) {
      assert.equal(pairing, "none");
      assert.match(unpaired, /^ambiguous: /);
    }
    for (const { unpaired } of of("/big.bin"))
      assert.equal(unpaired, "no request of the client fits its path and time");
  });
});
