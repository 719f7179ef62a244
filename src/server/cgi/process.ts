/** A CGI program as a process: no shell, a process group of its own. */
import { type ChildProcess, spawn } from "node:child_process";
import { dirname } from "node:path";

export interface Program {
  /** Real path. */
  file: string;
  arguments: string[];
  environment: Record<string, string>;
  /** A file's descriptor, nothing, or what is written to it later. */
  input: number | "ignore" | "pipe";
}

/** Ends the process with all that it started. */
export function killGroup(child: ChildProcess): void {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, "SIGKILL");
  } catch {
    // The group is gone already.
  }
}

/** Starts the program in its folder. What it writes to stderr is lost: the log is for metadata, never for contents. */
export const startProgram = ({ file, arguments: words, environment, input }: Program): ChildProcess =>
  spawn(file, words, {
    cwd: dirname(file),
    env: environment,
    detached: true,
    stdio: [input, "pipe", "ignore"],
    windowsHide: true,
  });
