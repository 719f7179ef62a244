// A recording of the Express example in which requests block others.
import { spawn } from "node:child_process";
import { cpSync, existsSync, readFileSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { root } from "./run.mjs";

const cli = join(root, "dist/cli.js");

/** The other requests are sent while this one computes. */
export const BLOCKING = "/primes/1500000";
export const BLOCKED = "/?blocked";

/** @param {import("node:child_process").ChildProcess} child @param {string} what @returns {Promise<void>} */
const ended = (child, what) =>
  new Promise((done, failed) => {
    child.on("error", failed);
    child.on("close", (status) => (status === 0 ? done() : failed(new Error(`${what} failed: status ${status}`))));
  });

/** Until the file holds the text. @param {string} file @param {string} text @param {AbortSignal} signal */
async function written(file, text, signal) {
  while (!signal.aborted && !(existsSync(file) && readFileSync(file, "utf8").includes(text))) await setTimeout(20);
}

/**
 * Copies the example into the workspace's folder `express` and records it there with the built command line.
 * @param {string} workspace
 * @param {string} name of the session
 * @returns {Promise<void>}
 */
export async function recordExpress(workspace, name) {
  const cwd = join(workspace, "express");
  cpSync(join(root, "examples/express"), cwd, { recursive: true });
  symlinkSync(join(root, "node_modules"), join(cwd, "node_modules"));
  const session = join(workspace, ".request-timeline", name);
  const args = [cli, "record", "--session", session, "--server", `${process.execPath} server.js`];
  const record = spawn(process.execPath, args, { cwd, env: { ...process.env, PORT: "0" } });
  const over = ended(record, "request-timeline record");
  let said = "";
  const url = await new Promise((found, failed) => {
    over.then(() => failed(new Error(said)), failed);
    for (const stream of [record.stdout, record.stderr])
      stream.on("data", (chunk) => {
        said += chunk;
        const listening = /^listening on (\S+)$/m.exec(said);
        if (listening) found(listening[1]);
      });
  });
  /** @param {string} log @param {string[]} paths */
  const probe = (log, ...paths) => {
    const urls = paths.map((path) => url + path);
    const child = spawn(process.execPath, [cli, "probe", "--log", join(session, log), ...urls], { stdio: "ignore" });
    return ended(child, "request-timeline probe");
  };
  try {
    await probe("client.ndjson", "/", "/prices/eur", "/report", "/broken");
    const blocking = probe("client.1.ndjson", ...Array(4).fill(BLOCKING));
    // One of them has been answered: the next one is under way.
    const waiting = new AbortController();
    await Promise.race([blocking, written(join(session, "client.1.ndjson"), '{"type":"client"', waiting.signal)]);
    waiting.abort();
    await Promise.all([blocking, probe("client.2.ndjson", BLOCKED, BLOCKED)]);
  } finally {
    record.kill("SIGINT");
  }
  await over;
}
