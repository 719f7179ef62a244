/** A task of ours, as tasks.json or the Record command writes it, and the command line that it becomes. */
import { join } from "node:path";
import { CLIENT_LOG, SERVER_LOG } from "../model/manifest";
import { PROBE_FIELDS, probeWords } from "./probe-options";
import { SERVE_FIELDS, serveWords } from "./serve-options";
import { dictionary, type Guarded, integer, list, oneOf, optional, shape, text } from "./validate";

/** Beside the server's own log, which may be there too. */
const RECEIVER_LOG = "server.otlp.ndjson";

const FIELDS = {
  serve: optional(text(4_096)),
  port: optional(integer(0, 65_535)),
  ...SERVE_FIELDS,
  command: optional(text(4_096)),
  args: optional(list(text(32_768), 1_000)),
  env: optional(dictionary(text(32_768), 1_000)),
  cwd: optional(text(4_096)),
  receive: optional(oneOf(true)),
  urls: optional(list(text(8_192), 1_000)),
  ...PROBE_FIELDS,
  session: optional(text(4_096)),
};

export const isTaskDefinition = shape({ type: oneOf("requestTimeline"), ...FIELDS });
export type TaskDefinition = Guarded<typeof isTaskDefinition>;

/** What the Record command can be told without questions: a server, and what to request from it. */
export const isRecordOptions = shape({
  ...FIELDS,
  folder: optional(text(4_096)),
  script: optional(text(1_000)),
  name: optional(text(200)),
});
export type RecordOptions = Guarded<typeof isRecordOptions>;

export type TaskRole = "server" | "client";

/** Which end a task records; null where the definition names none or more than one. */
export function roleOf(definition: TaskDefinition): TaskRole | null {
  const { serve, command, receive, urls } = definition;
  const server = [serve, command, receive].filter((value) => value !== undefined).length;
  if (server + Number(urls !== undefined) !== 1) return null;
  return server ? "server" : "client";
}

/** The command line of a task: arguments of `request-timeline`, as words, never joined for a shell. */
export function taskArguments(definition: TaskDefinition, sessionFolder: string): string[] {
  const { serve, port, command, args, receive, urls } = definition;
  const server = ["--log", join(sessionFolder, SERVER_LOG)];
  if (serve !== undefined)
    return ["serve", "--root", serve, "--port", String(port ?? 0), ...server, ...serveWords(definition)];
  if (command !== undefined) return ["run", ...server, "--", command, ...(args ?? [])];
  if (receive) {
    const fixed = port === undefined ? [] : ["--port", String(port)];
    return ["receive", "--log", join(sessionFolder, RECEIVER_LOG), ...fixed];
  }
  return ["probe", ...(urls ?? []), "--log", join(sessionFolder, CLIENT_LOG), ...probeWords(definition)];
}

/** For people: what the task does. */
export function taskName(definition: TaskDefinition): string {
  const { serve, command, args, receive, urls } = definition;
  if (serve !== undefined) return `serve ${serve}`;
  if (receive) return "receive OpenTelemetry traces";
  if (command !== undefined) return [command, ...(args ?? [])].join(" ");
  return `probe ${(urls ?? []).join(" ")}`;
}
