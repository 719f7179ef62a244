/**
 * PUT: the body is collected in a file of its own and brought to the disk, then takes the old file's place in one step. A
 * reader sees the old or the new file, never a mixture, and neither does one after a power cut. Only that one step and the
 * conditions that belong to it are under the file's lock: a peer that sends slowly keeps nobody from the file.
 */
import { type FileHandle, rename, rm } from "node:fs/promises";
import type { IncomingMessage, ServerResponse } from "node:http";
import { sep } from "node:path";
import { now } from "../../log/clock";
import type { ChildSpan } from "../../model/record";
import { type Answer, Refusal } from "../answer";
import { bodyOf } from "../body";
import type { Limits } from "../limits";
import { acquireTimed, type Locks } from "../locks/locks";
import { precondition, type Validators, validatorsOf } from "./conditional";
import { isInside, type Opened, openInside } from "./opened";
import { sourceOf } from "./static";
import { createUpload, UPLOADS } from "./uploads";

export interface PutContext {
  /** Real path of the folder that may be written to. */
  writable: string;
  /** Real path of the programs, which may not. */
  scripts: string | null;
  limits: Limits;
  /** null: no lock per file. */
  locks: Locks | null;
  report(span: ChildSpan): void;
}

interface Existing {
  validators: Validators;
  mode: number;
}

/** The folder and the name that a path below the writable folder stands for. */
async function openParent(context: PutContext, segments: readonly string[]): Promise<{ parent: Opened; name: string }> {
  const name = segments.at(-1);
  if (name === undefined || segments[0] === UPLOADS) throw new Refusal(409, "This is not the name of a file.");
  let parent: Opened;
  try {
    parent = await openInside(context.writable, segments.slice(0, -1));
  } catch (error) {
    throw error instanceof Refusal && error.status === 404 ? new Refusal(409, "There is no such folder.") : error;
  }
  const forbidden =
    (context.scripts && isInside(parent.path, context.scripts)) ||
    isInside(parent.path, context.writable + sep + UPLOADS);
  if (parent.kind === "folder" && !forbidden) return { parent, name };
  await parent.handle.close();
  throw new Refusal(forbidden ? 403 : 409, "No file can be written there.");
}

/** Path of a name in an opened folder: of the folder itself, whatever its own path has become meanwhile. */
const inFolder = ({ handle, path }: Opened, name: string): string =>
  process.platform === "linux" ? `/proc/self/fd/${handle.fd}/${name}` : path + sep + name;

/** What stands there now; null where there is nothing. */
async function existingAt(parent: Opened, name: string): Promise<Existing | null> {
  try {
    const opened = await openInside(parent.path, [name]);
    try {
      if (opened.kind === "folder") throw new Refusal(409, "There is a folder of this name.");
      return { validators: validatorsOf(opened), mode: opened.mode };
    } finally {
      await opened.handle.close();
    }
  } catch (error) {
    if (error instanceof Refusal && error.status === 404) return null;
    throw error;
  }
}

async function checkConditions(request: IncomingMessage, parent: Opened, name: string): Promise<Existing | null> {
  const existing = await existingAt(parent, name);
  if (precondition("PUT", request.headers, existing?.validators ?? null) !== null)
    throw new Refusal(412, "The file is not the one that was meant.");
  return existing;
}

/** Writes the body and brings it to the disk; the time that the disk took is reported. */
async function collect(context: PutContext, request: IncomingMessage, handle: FileHandle): Promise<void> {
  let writing = 0;
  const start = now();
  for await (const chunk of bodyOf(request, context.limits)) {
    const before = now();
    await handle.writeFile(chunk);
    writing += now() - before;
  }
  context.report({ kind: "disk", name: "write", start, duration: writing });
  await timed(context, "fsync", () => handle.sync());
}

async function timed<T>(context: PutContext, name: string, work: () => Promise<T>): Promise<T> {
  const start = now();
  const result = await work();
  context.report({ kind: "disk", name, start, duration: now() - start });
  return result;
}

/** Puts the collected file into its place: the part that the lock is for. */
async function replace(
  context: PutContext,
  request: IncomingMessage,
  upload: string,
  parent: Opened,
  name: string,
): Promise<"created" | "replaced"> {
  const path = parent.path + sep + name;
  const release = context.locks
    ? await acquireTimed(context.locks, {
        name: `file:${path}`,
        label: name,
        patience: context.limits.lockTimeout,
        report: context.report,
      })
    : null;
  try {
    const existing = await checkConditions(request, parent, name);
    await timed(context, "rename", async () => {
      await rename(upload, inFolder(parent, name));
      await parent.handle.sync();
    });
    return existing ? "replaced" : "created";
  } finally {
    release?.();
  }
}

/** `segments` are those below the writable folder. */
export async function answerPut(
  context: PutContext,
  segments: readonly string[],
  request: IncomingMessage,
  response: ServerResponse,
): Promise<Answer> {
  if (request.headers["content-range"] !== undefined) throw new Refusal(400, "A part of a file cannot be written.");
  const { parent, name } = await openParent(context, segments);
  const source = sourceOf(parent.path + sep + name);
  try {
    const existing = await checkConditions(request, parent, name);
    if (request.headers.expect !== undefined) response.writeContinue();
    const { handle, path } = await createUpload(context.writable, existing?.mode ?? 0o644);
    try {
      await collect(context, request, handle);
      const outcome = await replace(context, request, path, parent, name);
      const { tag } = validatorsOf(await statOf(handle));
      const headers: Answer["headers"] = { ETag: tag, "Content-Length": "0" };
      return outcome === "created"
        ? { status: 201, headers, body: null, source }
        : { status: 204, headers: { ETag: tag }, body: null, source };
    } finally {
      await handle.close();
      await rm(path, { force: true });
    }
  } catch (error) {
    if (error instanceof Refusal) throw new Refusal(error.status, error.message, error.headers, source);
    throw error;
  } finally {
    await parent.handle.close();
  }
}

async function statOf(handle: FileHandle): Promise<{ inode: bigint; size: number; modified: bigint }> {
  const stats = await handle.stat({ bigint: true });
  return { inode: stats.ino, size: Number(stats.size), modified: stats.mtimeNs };
}
