import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { once } from "node:events";
import { existsSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { CLI, cli, inFolder } from "./support";

const probe = (...words: string[]) => spawnSync(process.execPath, [CLI, "probe", ...words], { encoding: "utf8" });

describe("the probe's command", () => {
  it("fails, and measures nothing, where its log cannot be written", async () => {
    let asked = 0;
    const server = createServer((_, response) => {
      asked++;
      response.end();
    }).listen(0, "127.0.0.1");
    await once(server, "listening");
    try {
      const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
      await assert.rejects(cli("probe", url, "--log", "/no/such/folder/client.ndjson"), (error: Error) => {
        assert.equal((error as Error & { code: number }).code, 1);
        assert.match(error.message, /logging to \/no\/such\/folder\/client\.ndjson has ended/);
        return true;
      });
      assert.equal(asked, 0);
    } finally {
      server.close();
    }
  });

  it("says why a load was not answered", () =>
    inFolder(async (folder) => {
      const log = join(folder, "client.ndjson");
      const { status, stdout } = probe("http://127.0.0.1:1/", "--rate", "50", "--duration", "200ms", "--log", log);
      assert.equal(status, 1);
      assert.match(stdout, /\n {2}10 × 127\.0\.0\.1:1 refused the connection: nothing listens there\n$/);
    }));

  it("says of a file that is not there that it is not there", () =>
    inFolder(async (folder) => {
      const log = join(folder, "client.ndjson");
      const mix = join(folder, "mix");
      writeFileSync(mix, "1 /");
      for (const words of [
        [join("nowhere", "requests.http")],
        ["http://127.0.0.1:1/", "--body", "@nowhere"],
        ["--mix", `${mix}ed`, "--closed", "--duration", "1"],
      ]) {
        const { status, stderr } = probe(...words, "--log", log);
        assert.equal(status, 2);
        assert.match(stderr, /^error: there is no file /);
      }
      assert(!existsSync(log));
    }));
});
