/**
 * The Node that runs our tasks: the configured one, else the one on the path, else VS Code's own executable told to be
 * Node. That variable is for our own process only: `run` takes it out of the user's command's environment.
 */
import { execFile } from "node:child_process";
import { promisify } from "node:util";

const MINIMUM_MAJOR = 20;
const ANSWER_WITHIN_MS = 5_000;

export interface Runtime {
  path: string;
  env: Record<string, string>;
}

const vsCodeRuntime = (): Runtime => ({ path: process.execPath, env: { ELECTRON_RUN_AS_NODE: "1" } });

/** Major version of a Node executable; null where it cannot be run. */
async function majorOf(path: string): Promise<number | null> {
  try {
    const { stdout } = await promisify(execFile)(path, ["--version"], { timeout: ANSWER_WITHIN_MS });
    const major = /^v(\d+)\./.exec(stdout.trim())?.[1];
    return major === undefined ? null : Number(major);
  } catch {
    return null;
  }
}

/** Throws, with one sentence for the user, where a configured Node is of no use. */
export async function findRuntime(configured: string, fallback: Runtime = vsCodeRuntime()): Promise<Runtime> {
  const path = configured || "node";
  const major = await majorOf(path);
  if (major !== null && major >= MINIMUM_MAJOR) return { path, env: {} };
  if (!configured) return fallback;
  throw new Error(
    major === null
      ? `The Node of the setting requestTimeline.nodePath cannot be run: ${configured}`
      : `The Node of the setting requestTimeline.nodePath is version ${major}; ${MINIMUM_MAJOR} or newer is needed.`,
  );
}
