/** The npm scripts of a folder that look as if they start a server, and the command that runs one. */
import { access, readFile } from "node:fs/promises";
import { join } from "node:path";
import { isObject } from "./validate";

const SERVER_SCRIPT = /^(start|dev|serve|server|develop|preview)(:|$)/;
/** Which tool runs the scripts, by the file that it leaves behind. npm is the rest. */
const LOCK_FILES = { "pnpm-lock.yaml": "pnpm", "yarn.lock": "yarn", "bun.lock": "bun", "bun.lockb": "bun" } as const;

/** Names of scripts, most likely a server's first; none where there is no package.json or no sense in it. */
export async function npmScripts(folder: string): Promise<string[]> {
  try {
    const manifest: unknown = JSON.parse(await readFile(join(folder, "package.json"), "utf8"));
    if (!isObject(manifest) || !isObject(manifest.scripts)) return [];
    return Object.keys(manifest.scripts).filter((name) => SERVER_SCRIPT.test(name));
  } catch {
    return [];
  }
}

export async function scriptCommand(folder: string, script: string): Promise<{ command: string; args: string[] }> {
  for (const [file, command] of Object.entries(LOCK_FILES))
    if (await exists(join(folder, file))) return { command, args: ["run", script] };
  return { command: "npm", args: ["run", script] };
}

const exists = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  );
