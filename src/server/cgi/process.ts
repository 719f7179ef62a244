/** A CGI program as a process: no shell, a process group of its own. */
import { type ChildProcess, spawn } from "node:child_process";
import { EventEmitter } from "node:events";
import { dirname } from "node:path";

export interface Program {
  /** Real path. */
  file: string;
  arguments: string[];
  environment: Record<string, string>;
  /** A file's descriptor, nothing, or what is written to it later. */
  input: number | "ignore" | "pipe";
}

/** Told of each program's process (by its id) that has started here or ended: whoever outlives us can end it. */
export const programs = new EventEmitter<{ started: [pid: number]; ended: [pid: number] }>();

/** Ends the processes of a group. */
export function killGroupOf(pid: number): void {
  try {
    process.kill(-pid, "SIGKILL");
  } catch {
    // The group is gone already.
  }
}

/** Ends the process with all that it started. */
export function killGroup({ pid }: ChildProcess): void {
  if (pid !== undefined) killGroupOf(pid);
}

/** Starts the program in its folder. What it writes to stderr is lost: the log is for metadata, never for contents. */
export function startProgram({ file, arguments: words, environment, input }: Program): ChildProcess {
  const child = spawn(file, words, {
    cwd: dirname(file),
    env: environment,
    detached: true,
    stdio: [input, "pipe", "ignore"],
    windowsHide: true,
  });
  const { pid } = child;
  if (pid !== undefined) {
    programs.emit("started", pid);
    child.once("close", () => programs.emit("ended", pid));
  }
  return child;
}
