// Child processes of the scripts: the output goes through, a failure ends in one sentence.
import { spawn, spawnSync } from "node:child_process";
import { resolve } from "node:path";

/** The repository's folder. */
export const root = resolve(import.meta.dirname ?? "scripts/lib", "../..");

/**
 * Runs a command to its end and returns its exit status; a signal counts as 1.
 * @param {string} command
 * @param {string[]} args
 * @param {import("node:child_process").SpawnOptions} [options]
 * @returns {Promise<number>}
 */
export const run = (command, args, options = {}) =>
  new Promise((done, failed) => {
    const child = spawn(command, args, { cwd: root, stdio: "inherit", ...options });
    child.on("error", failed);
    child.on("close", (code) => done(code ?? 1));
  });

/**
 * Runs a command quietly; throws with the end of its output when it fails.
 * @param {string} what for people
 * @param {string} command
 * @param {string[]} args
 * @param {import("node:child_process").SpawnSyncOptions} [options]
 */
export function must(what, command, args, options = {}) {
  const { error, status, stdout, stderr } = spawnSync(command, args, {
    cwd: root,
    encoding: "utf8",
    stdio: ["ignore", "pipe", "pipe"],
    maxBuffer: 64 << 20,
    ...options,
  });
  if (error) throw new Error(`${what}: ${error.message}`);
  if (status !== 0) throw new Error(`${what} failed (status ${status}):\n${said(`${stdout}${stderr}`)}`);
  return String(stdout);
}

/** The beginning and the end: npm explains itself at length in between. @param {string} text */
const said = (text) => (text.length <= 4000 ? text : `${text.slice(0, 2000)}\n…\n${text.slice(-1500)}`);

/**
 * Runs npm quietly. It is found as the npm that runs us, else on the path.
 * @param {string} what for people
 * @param {string[]} args
 * @param {string} cwd
 */
export function npm(what, args, cwd) {
  const quiet = ["--no-audit", "--no-fund", "--loglevel=error"];
  const cli = process.env.npm_execpath;
  if (cli) must(what, process.execPath, [cli, ...args, ...quiet], { cwd });
  else must(what, "npm", [...args, ...quiet], { cwd, shell: process.platform === "win32" });
}
