import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { mkdirSync, readFileSync } from "node:fs";
import { createServer } from "node:net";
import { join, resolve } from "node:path";
import { build } from "esbuild";
import { inFolder, recordsIn, until } from "../instrument/support";
import { ask, writeFiles } from "./support";

const repository = resolve(__dirname, "../../..");
const CLI = join(repository, "out/test-server/cli.js");

interface Started {
  child: ChildProcess;
  folder: string;
  stdout(): string;
  stderr(): string;
  url(): Promise<string>;
  ended: Promise<number | string | null>;
}

/** `serve` as a command of its own, on a small site. */
const started = <T>(words: readonly string[], use: (command: Started) => Promise<T>): Promise<T> =>
  inFolder(async (folder) => {
    writeFiles(folder, { "site/index.html": "main" });
    mkdirSync(join(folder, "logs"));
    const log = ["--log", join(folder, "logs/server.ndjson")];
    const child = spawn(process.execPath, [CLI, "serve", "--root", join(folder, "site"), ...log, ...words]);
    const text = { stdout: "", stderr: "" };
    for (const name of ["stdout", "stderr"] as const)
      child[name].on("data", (chunk) => {
        text[name] += chunk;
      });
    const ended = new Promise<number | string | null>((done) =>
      child.on("close", (status, signal) => done(signal ?? status)),
    );
    const url = async (): Promise<string> => {
      await until(() => text.stdout.includes("listening on ") || child.exitCode !== null);
      return /^listening on (\S+)$/m.exec(text.stdout)![1]!;
    };
    try {
      return await use({ child, folder, stdout: () => text.stdout, stderr: () => text.stderr, url, ended });
    } finally {
      child.kill("SIGKILL");
      await ended;
    }
  });

/** A dead one is there until its parent has taken note, and whoever inherits it may take its time. */
function runs(pid: number): boolean {
  try {
    return !/\) Z /.test(readFileSync(`/proc/${pid}/stat`, "utf8"));
  } catch {
    return false;
  }
}

describe("the command serve", () => {
  before(async () => {
    const contents = `import { Command } from "commander";
      import { addServe } from "./src/cli/commands/serve";
      const program = new Command("request-timeline");
      addServe(program);
      program.parseAsync().catch((error) => {
        process.stderr.write(error.message + "\\n");
        process.exitCode = 1;
      });`;
    await build({
      stdin: { contents, resolveDir: repository, loader: "ts" },
      outfile: CLI,
      bundle: true,
      platform: "node",
      format: "cjs",
      target: "node20",
      logLevel: "warning",
    });
  });

  for (const [name, words, ends] of [
    ["one process", [], 1],
    ["a pool", ["--workers", "2"], 3],
    ["an elastic pool with admission", ["--pool", "1:2", "--max-load", "0.95", "--per-worker", "2"], 2],
  ] as const)
    for (const signal of ["SIGTERM", "SIGINT"] as const)
      it(`as ${name} says where it listens, and ends with ${signal}, its log complete`, () =>
        started(words, async ({ child, folder, url, ended }) => {
          assert.equal((await ask(await url(), "/")).text, "main");
          child.kill(signal);
          assert.equal(await ended, 0);
          const records = recordsIn(join(folder, "logs"));
          const count = (type: string): number => records.filter((record) => record.type === type).length;
          assert.deepEqual([count("listen"), count("server"), count("end")], [1, 1, ends]);
        }));

  it("takes its workers with it when it is killed", function () {
    if (process.platform !== "linux") this.skip();
    return started(["--workers", "2"], async ({ child, folder, url }) => {
      await url();
      const workers = recordsIn(join(folder, "logs")).flatMap((record) =>
        record.type === "header" && record.worker !== undefined ? record.pid : [],
      );
      assert.equal(workers.length, 2);
      child.kill("SIGKILL");
      await until(() => !workers.some(runs));
    });
  });

  for (const [name, words, said] of [
    ["a port that is none", ["--port", "x"], /not a whole number/],
    ["a pool that is none", ["--pool", "4:2"], /not LOW:HIGH/],
    ["a lock mode that is none", ["--lock", "some"], /none, file, handler/],
    ["admission without a pool", ["--max-load", "0.5"], /needs a pool/],
    ["a writable folder that is not there", ["--writable", "/none"], /not a folder/],
  ] as const)
    it(`says what is wrong with ${name}`, () =>
      started(words, async ({ ended, stderr, stdout }) => {
        assert.notEqual(await ended, 0);
        assert.match(stderr(), said);
        assert.equal(stdout(), "");
      }));

  it("says so where its port is taken", async () => {
    const other = createServer();
    const port = await new Promise<number>((done) =>
      other.listen(0, "127.0.0.1", () => done((other.address() as { port: number }).port)),
    );
    for (const pool of [[], ["--workers", "1"]])
      await started(["--port", String(port), ...pool], async ({ ended, stderr }) => {
        assert.equal(await ended, 1);
        assert.match(stderr(), /EADDRINUSE/);
      });
    other.close();
  });
});
