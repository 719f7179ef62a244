/** The engine in-process, for the command line: opens what the paths name, reads it to its end, follows nothing. */
import { existsSync } from "node:fs";
import { stat } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import type { Reading } from "../../formats/format";
import { nameOf } from "../../session/name";
import { EngineError } from "../errors";
import { Session } from "../session";
import { SessionReader } from "./reader";

export interface OpenOptions extends Reading {
  /** Bytes read and bytes there are. */
  progress?(done: number, total: number): void;
}

export async function openSession(paths: readonly string[], options: OpenOptions = {}): Promise<Session> {
  const session = await newSession(paths);
  const reader = new SessionReader(session, options, {
    progress: (done, total) => options.progress?.(done, total),
    changed: () => undefined,
  });
  await reader.load(paths);
  reader.finish();
  return session;
}

/** An empty session, named after its paths; an EngineError where a path does not exist. */
export async function newSession(paths: readonly string[]): Promise<Session> {
  const [first] = paths;
  if (first === undefined) throw new EngineError("invalid", "no path to open");
  const missing = paths.find((path) => !existsSync(path));
  if (missing !== undefined) throw new EngineError("failed", `${missing} does not exist`);
  const key = resolve(first);
  const folder = (await stat(key)).isDirectory();
  return new Session(key, await nameOf(paths), folder ? key : dirname(key));
}
