/**
 * The baseline of a folder of sessions: `baseline.json` beside them names a session and the commit that it was recorded
 * at. Sessions are compared with it until another is named.
 */
import { readdir, readFile, rename, writeFile } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import type { Manifest } from "../model/manifest";
import { readManifest, SessionError } from "./manifest";

const BASELINE_FILE = "baseline.json";
const BASELINE_SCHEMA = "request-timeline/baseline@1";
/** Sessions of a side, the newest ones: more say no more, and each is read. */
const MOST_PEERS = 10;

interface Baseline {
  schema: typeof BASELINE_SCHEMA;
  /** The session's folder, beside this file. */
  session: string;
  /** Of the session's manifest when it became the baseline; null where it has none. */
  commit: string | null;
}

/** The baseline's folder, absolute; null where none is named. Throws where it is not what it was. */
export async function readBaseline(sessions: string): Promise<string | null> {
  const file = join(sessions, BASELINE_FILE);
  const text = await readFile(file, "utf8").catch(() => null);
  if (text === null) return null;
  const { session, commit } = parse(text, file);
  const folder = join(resolve(sessions), session);
  const manifest = await readManifest(folder);
  if ((manifest.git?.commit ?? null) !== commit)
    throw new SessionError(`${folder} became the baseline at commit ${commit}; it is now of another: name it anew`);
  return folder;
}

/** Makes a session the baseline of those beside it. */
export async function writeBaseline(folder: string): Promise<void> {
  const path = resolve(folder);
  const { git } = await readManifest(path);
  const baseline: Baseline = { schema: BASELINE_SCHEMA, session: basename(path), commit: git?.commit ?? null };
  const file = join(dirname(path), BASELINE_FILE);
  await writeFile(`${file}.new`, `${JSON.stringify(baseline, null, 2)}\n`, { mode: 0o600 });
  await rename(`${file}.new`, file);
}

function parse(text: string, file: string): Baseline {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new SessionError(`${file} is not JSON`);
  }
  const { schema, session, commit } = (value ?? {}) as Record<string, unknown>;
  const isName = typeof session === "string" && session !== "" && basename(session) === session && session !== "..";
  if (schema !== BASELINE_SCHEMA || !isName || !(commit === null || typeof commit === "string"))
    throw new SessionError(`${file} names no baseline`);
  return { schema, session, commit };
}

/**
 * Sessions beside this one that recorded the same: same commands in the same folder at the same commit, without changes
 * since. Together they show the noise from run to run. The session itself comes first, then the newest.
 */
async function peersOf(folder: string): Promise<string[]> {
  const path = resolve(folder);
  const own = await readManifest(path).catch(() => null);
  if (!own?.git || own.git.dirty) return [path];
  const parent = dirname(path);
  const names = await readdir(parent);
  const all = await Promise.all(
    names.map(async (name) => ({
      path: join(parent, name),
      manifest: await readManifest(join(parent, name)).catch(() => null),
    })),
  );
  const peers = all
    .filter(
      (other) => other.path !== path && other.manifest?.ended !== undefined && recordedTheSame(own, other.manifest),
    )
    .sort((a, b) => b.manifest!.started - a.manifest!.started)
    .map((other) => other.path);
  return [path, ...peers].slice(0, MOST_PEERS);
}

/** The sessions of either side where one is compared with the baseline: each with its peers, the baseline's own first. */
export async function sidesWith(baseline: string, session: string): Promise<[base: string[], others: string[]]> {
  const others = (await peersOf(session)).filter((path) => path !== baseline);
  // At the same commit all are peers of all, and none can be on both sides.
  return [(await peersOf(baseline)).filter((path) => !others.includes(path)), others];
}

const recordedTheSame = (a: Manifest, b: Manifest): boolean =>
  a.git?.commit === b.git?.commit &&
  !b.git?.dirty &&
  a.cwd === b.cwd &&
  JSON.stringify(a.commands) === JSON.stringify(b.commands);

/** `Before: 4 sessions at commit 1a2b3c4d. After: …`; what is no session of ours has no commit to tell. */
export async function describeSides(base: readonly string[], others: readonly string[]): Promise<string> {
  return `Before: ${await describeSide(base)}. After: ${await describeSide(others)}.`;
}

async function describeSide(paths: readonly string[]): Promise<string> {
  const sessions = paths.length === 1 ? basename(paths[0]!) : `${paths.length} sessions`;
  const manifests = await Promise.all(paths.map((path) => readManifest(path).catch(() => null)));
  const commits = manifests.flatMap((manifest) => (manifest?.git ? [manifest.git] : []));
  if (commits.length === 0) return sessions;
  const texts = commits.map(({ commit, dirty }) => commit.slice(0, 8) + (dirty ? " with uncommitted changes" : ""));
  return `${sessions} at commit ${[...new Set(texts)].join(", ")}`;
}
