/** Reads and writes `manifest.json`; a reader takes it from strangers and says in words what is wrong with it. */
import { readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { MANIFEST_FILE, type Manifest, SESSION_SCHEMA } from "../model/manifest";

/** A session folder cannot be used as asked; the message is for people. */
export class SessionError extends Error {
  override readonly name = "SessionError";
}

/** Far over any manifest of ours: what is bigger is something else. */
const MAX_MANIFEST_BYTES = 1024 * 1024;

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);
const isText = (value: unknown): value is string => typeof value === "string";
const isTime = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0;
const isOptional = (check: (value: unknown) => boolean) => (value: unknown) => value === undefined || check(value);
const isWords = (value: unknown): boolean => Array.isArray(value) && value.every(isText);

const FIELDS: Record<keyof Manifest, (value: unknown) => boolean> = {
  schema: (value) => value === SESSION_SCHEMA,
  id: isText,
  name: isText,
  started: isTime,
  ended: isOptional(isTime),
  commands: (value) =>
    isObject(value) &&
    isOptional(isWords)(value.server) &&
    isOptional(isText)(value.serve) &&
    isOptional(isWords)(value.serveOptions) &&
    isOptional(isWords)(value.probe),
  cwd: isText,
  git: isOptional((value) => isObject(value) && isText(value.commit) && typeof value.dirty === "boolean"),
  versions: (value) => isObject(value) && isText(value.tool) && isText(value.node),
  host: isText,
  platform: isText,
  boot: isOptional(isText),
  anchor: (value) => isObject(value) && isTime(value.wall) && isText(value.mono),
};

function check(value: unknown): Manifest {
  if (!isObject(value)) throw new SessionError("the manifest is not a JSON object");
  if (value.schema !== SESSION_SCHEMA)
    throw new SessionError(`unknown session version ${JSON.stringify(value.schema)?.slice(0, 80) ?? "(none)"}`);
  for (const [name, valid] of Object.entries(FIELDS))
    if (!valid(value[name])) throw new SessionError(`the manifest's "${name}" is missing or not valid`);
  return value as unknown as Manifest;
}

/** The folder's manifest; throws a SessionError that names the fault. */
export async function readManifest(folder: string): Promise<Manifest> {
  const file = join(folder, MANIFEST_FILE);
  try {
    const text = await readFile(file, "utf8");
    if (text.length > MAX_MANIFEST_BYTES) throw new SessionError("the manifest is longer than a megabyte");
    return check(JSON.parse(text));
  } catch (error) {
    if (error instanceof SyntaxError) throw new SessionError(`${file}: the manifest is not JSON`);
    if (error instanceof SessionError) throw new SessionError(`${file}: ${error.message}`);
    throw new SessionError(`${folder} is no session folder: ${(error as Error).message}`);
  }
}

/** Replaces the manifest in one step, so that a reader never sees half of one. */
export async function writeManifest(folder: string, manifest: Manifest): Promise<void> {
  const file = join(folder, MANIFEST_FILE);
  await writeFile(`${file}.new`, `${JSON.stringify(manifest, null, 2)}\n`, { mode: 0o600 });
  await rename(`${file}.new`, file);
}
