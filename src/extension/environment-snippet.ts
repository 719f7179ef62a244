/** The hook's environment as text to paste, for what is started elsewhere: by launch.json, a shell, a container. */
import { join } from "node:path";
import { SERVER_LOG } from "../model/manifest";
import { hookEnvironment } from "../session/launch";

export const SNIPPET_KINDS = ["launch", "shell", "container"] as const;
export type SnippetKind = (typeof SNIPPET_KINDS)[number];

export interface SnippetInput {
  /** Absolute: dist/hook.js. */
  hook: string;
  /** Absolute. */
  sessionFolder: string;
  /** Id of the recording. */
  recording: string;
}

/** Where a container has the hook and the session. */
const IN_CONTAINER = { hook: "/request-timeline/hook.js", session: "/request-timeline/session" } as const;

const quoted = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;

export function environmentSnippet(kind: SnippetKind, { hook, sessionFolder, recording }: SnippetInput): string {
  const variables = (hookPath: string, folder: string) =>
    Object.entries(hookEnvironment({ hook: hookPath, log: join(folder, SERVER_LOG), recording }, {}));
  switch (kind) {
    case "launch":
      return `"env": ${JSON.stringify(Object.fromEntries(variables(hook, sessionFolder)), null, 2)}`;
    case "shell":
      // What NODE_OPTIONS says already goes on to hold.
      return variables(hook, sessionFolder)
        .map(([name, value]) => `export ${name}=${name === "NODE_OPTIONS" ? '"$NODE_OPTIONS "' : ""}${quoted(value)}`)
        .join("\n");
    case "container":
      return [
        `-v ${quoted(`${hook}:${IN_CONTAINER.hook}:ro`)}`,
        `-v ${quoted(`${sessionFolder}:${IN_CONTAINER.session}`)}`,
        ...variables(IN_CONTAINER.hook, IN_CONTAINER.session).map(
          ([name, value]) => `-e ${quoted(`${name}=${value}`)}`,
        ),
      ].join(" \\\n");
  }
}
