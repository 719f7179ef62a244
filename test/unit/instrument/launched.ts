/** A server in a process of its own, under `run`. */
import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { mkdirSync, readdirSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import type { ServerRecord } from "../../../src/model/record";
import { CLI } from "./bundles";
import { inFolder, recordsIn, serverRecords, until } from "./support";

export interface Launched {
  child: ChildProcessWithoutNullStreams;
  folder: string;
  stdout(): string;
  stderr(): string;
  /** URLs that `run` has reported, in order. */
  urls(count: number): Promise<string[]>;
  /** Waits until so many requests have their final record, in whichever log. */
  records(count: number): Promise<ServerRecord[]>;
  /** The exit status and signal of `run` itself. */
  ended: Promise<{ status: number | null; signal: string | null }>;
}

export interface Launch {
  files: Record<string, string>;
  /** Behind `--`; {folder} stands for the folder of the files. */
  command: string[];
  env?: Record<string, string>;
  /** The files import packages of this project. */
  packages?: boolean;
}

/** Runs the command with its files in a fresh folder (the logs in its folder `logs`); ends it after `use`. */
export const launched = <T>(
  { files, command, env, packages }: Launch,
  use: (launched: Launched) => Promise<T>,
): Promise<T> =>
  inFolder(async (folder) => {
    for (const [name, text] of Object.entries(files)) {
      mkdirSync(dirname(join(folder, name)), { recursive: true });
      writeFileSync(join(folder, name), text);
    }
    if (packages) symlinkSync(resolve(__dirname, "../../../node_modules"), join(folder, "node_modules"));
    const child = spawn(process.execPath, [CLI, "run", "--log", join(folder, "server.ndjson"), "--", ...command], {
      cwd: folder,
      env: { ...process.env, ...env },
    });
    let stdout = "";
    let stderr = "";
    child.stdout.on("data", (chunk) => {
      stdout += chunk;
    });
    child.stderr.on("data", (chunk) => {
      stderr += chunk;
    });
    const ended = new Promise<{ status: number | null; signal: string | null }>((done) =>
      child.on("close", (status, signal) => done({ status, signal })),
    );
    const urls = (): string[] =>
      [...stderr.matchAll(/^request-timeline: listening on (\S+)$/gm)].map((match) => match[1]!);
    const records = (): ServerRecord[] => serverRecords(recordsIn(folder));
    try {
      return await use({
        child,
        folder,
        stdout: () => stdout,
        stderr: () => stderr,
        async urls(count) {
          await until(() => urls().length >= count || child.exitCode !== null);
          return urls();
        },
        async records(count) {
          await until(() => records().length >= count);
          return records();
        },
        ended,
      });
    } finally {
      if (child.exitCode === null && child.signalCode === null) child.kill("SIGTERM");
      await ended;
    }
  });

export const logsIn = (folder: string): string[] =>
  readdirSync(folder).filter((name) => name.endsWith(".ndjson") || name.endsWith(".claim"));
