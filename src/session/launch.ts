/** The environment of a command whose Node processes run under the preload hook. */
import { existsSync } from "node:fs";
import { join, resolve } from "node:path";

export interface HookLaunch {
  /** The hook's bundle (dist/hook.js). */
  hook: string;
  /** FILE of the recording's first writer. */
  log: string;
  /** Id of the recording. */
  recording: string;
  /** Of the repository that the command runs in. */
  commit?: string;
}

/** Where the hook's bundle is: beside the bundle that asks, or in dist/ of a source tree. */
export function hookFile(): string {
  const candidates = [join(__dirname, "hook.js"), resolve(__dirname, "../../dist/hook.js")];
  const file = candidates.find((path) => existsSync(path));
  if (!file) throw new Error("the preload hook (dist/hook.js) is missing: npm run build makes it");
  return file;
}

/** One word of NODE_OPTIONS: Node splits it at spaces, and takes a backslash as an escape within double quotes. */
const quoted = (word: string): string => `"${word.replace(/["\\]/g, "\\$&")}"`;

/** `base` with the hook added to NODE_OPTIONS. VS Code's own switch for its Node never reaches a user's command. */
export function hookEnvironment(
  { hook, log, recording, commit }: HookLaunch,
  base: Record<string, string | undefined>,
): Record<string, string> {
  const environment: Record<string, string> = {};
  for (const [name, value] of Object.entries(base))
    if (value !== undefined && name !== "ELECTRON_RUN_AS_NODE") environment[name] = value;
  const load = `--require ${quoted(resolve(hook))}`;
  environment.NODE_OPTIONS = environment.NODE_OPTIONS ? `${environment.NODE_OPTIONS} ${load}` : load;
  environment.REQUEST_TIMELINE_LOG = resolve(log);
  environment.REQUEST_TIMELINE_RECORDING = recording;
  if (commit) environment.REQUEST_TIMELINE_COMMIT = commit;
  return environment;
}
