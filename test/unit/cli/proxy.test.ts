import assert from "node:assert/strict";
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { CLI, cli, inFolder, ROOT, reportOf } from "./support";

const nginx = ["/usr/sbin/nginx", "nginx"].find((path) => spawnSync(path, ["-v"]).status === 0);

/** A port that was free a moment ago: nginx takes no 0. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as { port: number };
  server.close();
  await once(server, "close");
  return port;
}

const configuration = (folder: string, port: number, upstream: number): string => `
daemon off; master_process off; pid ${folder}/nginx.pid; error_log stderr warn;
events { worker_connections 64; }
http {
  access_log off;
  client_body_temp_path ${folder}/b; proxy_temp_path ${folder}/p; fastcgi_temp_path ${folder}/f;
  uwsgi_temp_path ${folder}/u; scgi_temp_path ${folder}/s;
  server { listen 127.0.0.1:${port}; location / { proxy_pass http://127.0.0.1:${upstream}; } }
}`;

async function until(condition: () => Promise<boolean>): Promise<void> {
  for (const deadline = Date.now() + 45_000; Date.now() < deadline; await wait(50)) if (await condition()) return;
  throw new Error("not within 15 s");
}

const answers = (url: string): Promise<boolean> =>
  fetch(url, { method: "HEAD" }).then(
    ({ ok }) => ok,
    () => false,
  );

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return;
  child.kill();
  await once(child, "exit");
}

describe("a proxy between probe and server (nginx)", function () {
  this.timeout(60_000);
  before(function () {
    if (!nginx) this.skip();
  });

  it("ids pair through it; without them the report says why it cannot", () =>
    inFolder(async (folder) => {
      const [port, upstream] = [await freePort(), await freePort()];
      const log = join(folder, "server.ndjson");
      const serve = ["serve", "--root", "examples/campus/htdocs", "--port", `${upstream}`, "--log", log];
      const server = spawn(process.execPath, [CLI, ...serve], { cwd: ROOT, stdio: "ignore" });
      writeFileSync(join(folder, "nginx.conf"), configuration(folder, port, upstream));
      const proxy = spawn(nginx!, ["-c", join(folder, "nginx.conf"), "-p", folder], { stdio: "ignore" });
      const [traced, bare] = [join(folder, "traced.ndjson"), join(folder, "bare.ndjson")];
      const url = `http://127.0.0.1:${port}/`;
      try {
        await until(() => answers(url));
        await cli("probe", url, "--count", "5", "--log", traced);
        await cli("probe", url, "--count", "5", "--no-trace", "--log", bare);
      } finally {
        await ended(proxy);
        await ended(server);
      }
      const own = (await reportOf(traced, log)).requests.filter(({ marks }) => marks.requestStart !== null);
      assert.deepEqual(
        own.map(({ pairing }) => pairing),
        Array(5).fill("id"),
      );
      // What the server does before the first byte lies in the client's wait for it; its last stamp may come late.
      for (const { durations } of own) assert.ok(durations.wait! + 2 >= durations.parse! + durations.process!);
      const without = (await reportOf(bare, log)).requests.filter(({ marks }) => marks.requestStart !== null);
      assert.deepEqual(
        without.map(({ pairing }) => pairing),
        Array(5).fill("none"),
      );
      for (const { unpaired } of without) assert.match(unpaired!, /a proxy between client and server opens its own/);
    }));
});
