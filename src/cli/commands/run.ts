/** `request-timeline run` (DESIGN 5.1): the user's own server under the preload hook. */
import { type ChildProcess, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { rmSync } from "node:fs";
import { constants } from "node:os";
import { resolve } from "node:path";
import type { Command } from "commander";
import { claimFile } from "../../log/claim";
import { watchListening } from "../../log/listening";
import { gitState } from "../../session/git";
import { hookEnvironment, hookFile } from "../../session/launch";

const FORWARDED: NodeJS.Signals[] = ["SIGINT", "SIGTERM", "SIGHUP", "SIGQUIT", "SIGUSR2", "SIGCONT"];
/** A terminal sends these to its whole foreground group: the command has them already. */
const FROM_TERMINAL: NodeJS.Signals[] = ["SIGINT", "SIGQUIT"];

export function addRun(program: Command): void {
  program
    .command("run")
    .description("run your own Node server and log its requests")
    .usage("--log FILE -- COMMAND…")
    .requiredOption("--log <file>", "the log; further processes of the command write siblings of it")
    .argument("<command...>", "the command and its arguments, behind --")
    .action(async ([command, ...words]: [string, ...string[]], options: { log: string }) => {
      process.exitCode = await runCommand(command, words, resolve(options.log));
    });
}

/** Runs the command under the hook; its exit status, or 128 + the number of the signal that ended it. */
async function runCommand(command: string, words: string[], log: string): Promise<number> {
  const recording = process.env.REQUEST_TIMELINE_RECORDING ?? randomBytes(8).toString("hex");
  const git = await gitState(process.cwd());
  const stopWatching = watchListening(log, (url) => process.stderr.write(`request-timeline: listening on ${url}\n`));
  const child = spawn(command, words, {
    stdio: "inherit",
    env: hookEnvironment({ hook: hookFile(), log, recording, commit: git?.commit }, process.env),
  });
  const stopForwarding = forwardSignals(child);
  try {
    return await statusOf(child);
  } catch (error) {
    process.stderr.write(`request-timeline run: ${(error as Error).message}\n`);
    // As shells have it: 127 not found, 126 not to be run.
    return (error as NodeJS.ErrnoException).code === "ENOENT" ? 127 : 126;
  } finally {
    stopForwarding();
    stopWatching();
    rmSync(claimFile(log, recording), { force: true });
  }
}

const statusOf = (child: ChildProcess): Promise<number> =>
  new Promise((done, failed) => {
    child.on("error", failed);
    child.on("exit", (status, signal) => done(status ?? 128 + constants.signals[signal!]));
  });

function forwardSignals(child: ChildProcess): () => void {
  const forward = (signal: NodeJS.Signals): void => {
    if (!(process.stdin.isTTY && FROM_TERMINAL.includes(signal))) child.kill(signal);
  };
  for (const signal of FORWARDED) process.on(signal, forward);
  return () => {
    for (const signal of FORWARDED) process.off(signal, forward);
  };
}
