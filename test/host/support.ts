/** What the host tests share: the extension, waiting for a condition, and one recording of the campus for all. */
import assert from "node:assert/strict";
import { appendFileSync, existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import * as vscode from "vscode";
import type { ExtensionApi } from "../../src/extension/extension";
import { COMMANDS, EXTENSION_ID } from "../../src/extension/ids";
import type { Recorded } from "../../src/extension/recorder";
import type { RecordOptions } from "../../src/extension/task-definition";
import { CLIENT_LOG } from "../../src/model/manifest";
import type { TimelineRequest } from "../../src/model/request";
import type { SessionKey } from "../../src/protocol/messages";

const folder = process.env.REQUEST_TIMELINE_HOST_RUN!;

/** Says something in the run's output, beside what the reporter says. */
export const say = (text: string): void => appendFileSync(join(folder, "output.txt"), `${text}\n`);

export const extension = (): vscode.Extension<ExtensionApi> => {
  const found = vscode.extensions.getExtension<ExtensionApi>(EXTENSION_ID);
  assert.ok(found, `${EXTENSION_ID} is not installed`);
  return found;
};

export const api = (): Promise<ExtensionApi> => Promise.resolve(extension().activate());

/** The workspace: a copy of the campus example. */
export const workspace = (): string => vscode.workspace.workspaceFolders![0]!.uri.fsPath;

/** Looks until the condition gives something. */
export async function until<T>(what: string, look: () => T | Promise<T>, seconds = 90): Promise<NonNullable<T>> {
  for (const deadline = Date.now() + seconds * 1000; Date.now() < deadline; await delay(25)) {
    const found = await look();
    if (found) return found;
  }
  throw new Error(`not within ${seconds} s: ${what}`);
}

/** A hover's text, without the backslashes that keep a log's text from being markdown. */
export const plainly = ({ contents }: vscode.Hover): string =>
  contents
    .map((content) => (typeof content === "string" ? content : content.value))
    .join("\n")
    .replaceAll("&nbsp;", " ")
    .replaceAll(/\\(?=\W)/g, "");

/** What the hovers at a place say by now. */
export async function hoverNow({ uri }: vscode.TextDocument, at: vscode.Position): Promise<string> {
  const hovers = await vscode.commands.executeCommand<vscode.Hover[]>("vscode.executeHoverProvider", uri, at);
  return hovers.map(plainly).join("\n");
}

export const isLookedUp = (hover: string): boolean => !/still being looked up: hover again/.test(hover);

/** What it says once its request has been looked up: like a user, hovers again where it asks for that. */
export function hoverAt(document: vscode.TextDocument, at: vscode.Position): Promise<string> {
  return until("the hover", async () => {
    const text = await hoverNow(document, at);
    return isLookedUp(text) ? text : null;
  });
}

export const record = async (options: RecordOptions): Promise<Recorded> =>
  vscode.commands.executeCommand<Recorded>(COMMANDS.record, options);

export const CAMPUS = { serve: ".", urls: ["/", "/cgi-bin/calendar.cgi?3+1993"], page: true } satisfies RecordOptions;

/** Each test file is bundled with a copy of this module, so what they share is kept globally. */
const shared = globalThis as { requestTimelineCampus?: Promise<SessionKey> };

/** The key of a finished recording of the campus, made by the first test that wants it. */
export function campusSession(): Promise<SessionKey> {
  shared.requestTimelineCampus ??= record(CAMPUS).then(({ session }) => session);
  return shared.requestTimelineCampus;
}

/** How many requests stand in a finished session (the client's where there are some) or in a log. */
function writtenRequests(session: SessionKey): number {
  const client = join(session, CLIENT_LOG);
  const logs = session.endsWith(".ndjson")
    ? [session]
    : existsSync(client)
      ? [client]
      : readdirSync(session).map((name) => join(session, name));
  const text = logs.filter((file) => file.endsWith(".ndjson")).map((file) => readFileSync(file, "utf8"));
  return text.join("").match(/^\{"type":"(?:client|server)"/gm)?.length ?? 0;
}

/** All requests of a session that is finished, as the engine has them once it has read all that was written. */
export async function requestsOf(session: SessionKey): Promise<TimelineRequest[]> {
  const { engine, sessions } = await api();
  await sessions.open(session);
  // The last records may come a moment after the end.
  const requests = await until("the requests that were written", async () => {
    const info = await engine.request("info", { session });
    return info.requests === writtenRequests(session) ? info.requests : null;
  });
  return Promise.all(
    Array.from({ length: requests }, async (_, index) => (await engine.request("detail", { session, index })).request),
  );
}

/** Index and detail of the calendar's request. */
export async function calendarRequest(session: SessionKey): Promise<{ index: number; request: TimelineRequest }> {
  const requests = await requestsOf(session);
  const index = requests.findIndex(({ url }) => url.includes("calendar.cgi?3+1993"));
  assert.ok(index >= 0, "the calendar's request is missing");
  return { index, request: requests[index]! };
}

export const closeEditors = () => vscode.commands.executeCommand("workbench.action.closeAllEditors");

const sessionFile = join(folder, "timeline-session.txt");

/** Before the reload: the timeline shows this session. */
export async function leaveTimelineOpen(): Promise<void> {
  await closeEditors();
  const session = await campusSession();
  await vscode.commands.executeCommand(COMMANDS.openTimeline, { session });
  const { panel } = await api();
  await until("the timeline's page", () => panel.isReady);
  // The page keeps its state itself; give it a turn to have done so.
  await until("the session in the panel", () => panel.session === session);
  writeFileSync(sessionFile, session);
}

/** After the reload: the session that was left open. */
export const leftSession = (): SessionKey => readFileSync(sessionFile, "utf8");

const scheduleFile = join(folder, "schedule-session.txt");

/** The client's log of a session, by writer: each that appends to it begins with a header. */
export const clientParts = (session: SessionKey): string[] =>
  readFileSync(join(session, CLIENT_LOG), "utf8")
    .split(/^(?=\{"type":"header")/m)
    .filter(Boolean);

/** Before the reload: a schedule whose probe ends as a restart of VS Code ends it, without being told. */
export async function breakOffSchedule(): Promise<void> {
  const { sessions } = await api();
  const before = (await sessions.list()).map(({ key }) => key);
  const end = new Date(Date.now() + 20 * 60_000).toISOString();
  const recording = record({ serve: ".", urls: ["/"], every: "2s", until: end });
  const session = await until(
    "a slot of the schedule",
    async () => {
      const found = (await sessions.list()).find(({ key }) => !before.includes(key))?.key;
      const begun = found && existsSync(join(found, CLIENT_LOG)) && clientParts(found)[0]?.includes('"name":"slot"');
      return begun ? found : null;
    },
    90,
  ).catch(async (error: unknown) => {
    await vscode.commands.executeCommand(COMMANDS.stop);
    throw error;
  });
  process.kill(JSON.parse(clientParts(session)[0]!.split("\n")[0]!).pid, "SIGKILL");
  await recording;
  writeFileSync(scheduleFile, session);
}

/** After the reload: the session of the schedule that was broken off. */
export const brokenOffSchedule = (): SessionKey => readFileSync(scheduleFile, "utf8");
