/** The commands. An argument that is not what a command takes is treated as none: menus hand over things of their own. */
import * as vscode from "vscode";
import type { SessionKey } from "../protocol/messages";
import { type CompareOptions, compareWithBaseline, isCompareOptions, setBaseline } from "./compare";
import { copyEnvironment } from "./copy-environment";
import type { EngineHost } from "./engine-host";
import { SNIPPET_KINDS } from "./environment-snippet";
import { type ExportOptions, exportReport, isExportOptions } from "./export";
import { type ExportAsOptions, exportAs, isExportAsOptions } from "./export-as";
import { COMMANDS } from "./ids";
import type { Links } from "./links";
import { formatOf, placeOf } from "./log-documents";
import type { LogLookup } from "./log-lookup";
import type { TimelinePanel } from "./panel";
import { askPlan, planOf } from "./record-questions";
import type { Recorded, Recorder } from "./recorder";
import type { Recordings } from "./recordings";
import type { Regressions } from "./regressions";
import type { Schedules } from "./schedules";
import type { SessionFolders } from "./session-folders";
import type { KnownSession, Sessions } from "./sessions";
import { activeFile, type SliceDocuments } from "./slices";
import { isRecordOptions } from "./task-definition";
import type { InstrumentedTerminals } from "./terminals";
import { type Guard, integer, isObject, list, nullable, oneOf, optional, shape, text } from "./validate";

export interface Parts {
  cliFile: string;
  engine: EngineHost;
  regressions: Regressions;
  sessions: Sessions;
  recordings: Recordings;
  recorder: Recorder;
  schedules: Schedules;
  folders: SessionFolders;
  terminals: InstrumentedTerminals;
  panel: TimelinePanel;
  links: Links;
  records: LogLookup;
  slices: SliceDocuments;
  memory: vscode.Memento;
  log: vscode.LogOutputChannel;
}

const session = text(4_096);
const request = integer(0, Number.MAX_SAFE_INTEGER);
const isTimelineTarget = shape({ session, request: optional(request) });
const isSourceLink = shape({
  session,
  request,
  which: oneOf("handler", "responder", "child"),
  child: optional(request),
});
const isLogLink = shape({ session, request, side: oneOf("server", "client") });
const isNamedSource = shape({
  log: text(4_096),
  file: text(4_096),
  line: nullable(request),
  column: nullable(request),
});
const isSliceTarget = shape({ file: text(4_096), line: optional(integer(1, Number.MAX_SAFE_INTEGER)) });
const isRequestNode = (value: unknown): value is { session: SessionKey; request: number } =>
  isObject(value) && session(value.session) && request(value.request);
const isSessionNode = (value: unknown): value is { session: SessionKey } => isObject(value) && session(value.session);
const isPaths = list(text(4_096), 1_000);

export function registerCommands(parts: Parts): vscode.Disposable {
  const { sessions, recordings, links, log } = parts;
  const register = (id: string, run: (argument: unknown) => Promise<unknown>) =>
    vscode.commands.registerCommand(id, async (argument: unknown) => {
      try {
        return await run(argument);
      } catch (error) {
        const message = error instanceof Error ? error.message : String(error);
        log.error(id, error instanceof Error ? error : message);
        // A program that passes options hears of the failure itself.
        if (isRecordOptions(argument)) throw error;
        void vscode.window.showErrorMessage(message);
        return undefined;
      }
    });
  return vscode.Disposable.from(
    register(COMMANDS.record, (argument) => record(parts, argument)),
    register(COMMANDS.stop, async (argument) => {
      const ending = isSessionNode(argument) ? [argument.session] : recordings.live;
      await parts.schedules.forget(ending);
      await recordings.stop(ending);
    }),
    register(COMMANDS.openTimeline, (argument) => openTimeline(parts, argument)),
    register(COMMANDS.openSession, (argument) => openSession(parts, argument)),
    register(COMMANDS.exportReport, async (argument) => {
      const options: ExportOptions = given(isExportOptions, argument) ?? sessionOf(argument);
      const chosen = options.session ?? (await chosenSession(parts));
      return chosen === undefined ? undefined : exportReport(parts.engine, sessions, chosen, options);
    }),
    register(COMMANDS.exportAs, async (argument) => {
      const options: ExportAsOptions = given(isExportAsOptions, argument) ?? sessionOf(argument);
      const chosen = options.session ?? (await chosenSession(parts));
      return chosen === undefined ? undefined : exportAs(parts.cliFile, sessions, chosen, options);
    }),
    register(COMMANDS.compareWithBaseline, async (argument) => {
      const options: CompareOptions = given(isCompareOptions, argument) ?? sessionOf(argument);
      const chosen = options.session ?? (await chosenSession(parts));
      return chosen === undefined ? undefined : compareWithBaseline(parts, chosen, options.base);
    }),
    register(COMMANDS.setBaseline, async (argument) => {
      const chosen = sessionOf(argument).session ?? (await chosenSession(parts));
      if (chosen !== undefined) await setBaseline(sessions, chosen);
    }),
    register(COMMANDS.import, (argument) => importLogs(parts, argument)),
    register(COMMANDS.openHandler, async (argument) => {
      if (isSourceLink(argument)) return links.openSource(argument);
      if (isRequestNode(argument))
        return links.openSource({ session: argument.session, request: argument.request, which: "handler" });
      return undefined;
    }),
    register(COMMANDS.revealLog, async (argument) => {
      if (isLogLink(argument)) await links.revealLog(argument);
      else if (isRequestNode(argument)) await links.revealLog({ ...argument, side: "server" });
    }),
    register(COMMANDS.refresh, () => sessions.refresh()),
    register(COMMANDS.revealInTimeline, () => revealInTimeline(parts)),
    register(COMMANDS.openSlice, (argument) => openSlice(parts, argument)),
    register(COMMANDS.openNamedSource, async (argument) => {
      if (isNamedSource(argument)) await links.openNamed(argument);
    }),
    register(COMMANDS.instrumentTerminals, () => instrumentTerminals(parts)),
    register(COMMANDS.copyEnvironment, (argument) =>
      copyEnvironment(parts.folders, given(oneOf(...SNIPPET_KINDS), argument)),
    ),
  );
}

const sessionOf = (argument: unknown): { session?: SessionKey } =>
  isSessionNode(argument) ? { session: argument.session } : {};

const given = <T>(guard: Guard<T>, argument: unknown): T | undefined => (guard(argument) ? argument : undefined);

async function record({ recorder, panel, memory }: Parts, argument: unknown): Promise<Recorded | undefined> {
  const options = given(isRecordOptions, argument);
  const plan = options ? await planOf(options) : await askPlan(memory);
  if (!plan) return undefined;
  const shown: Promise<void>[] = [];
  const recorded = await recorder.record(plan, (key) => shown.push(panel.show({ session: key, preserveFocus: true })));
  await Promise.all(shown);
  return recorded;
}

/** Resolves to the session as soon as new terminals are instrumented. */
async function instrumentTerminals({ terminals }: Parts): Promise<SessionKey> {
  const key = await terminals.start();
  const open = vscode.l10n.t("New Terminal");
  const said = vscode.l10n.t("Servers that you start in new terminals are recorded now, until Stop.");
  void vscode.window.showInformationMessage(said, open).then((choice) => {
    if (choice === open) vscode.window.createTerminal().show();
  });
  return key;
}

async function openTimeline({ sessions, panel }: Parts, argument: unknown): Promise<void> {
  if (argument instanceof vscode.Uri) return panel.show({ session: (await sessions.openForLog(argument.fsPath)).key });
  if (isTimelineTarget(argument)) return panel.show(argument);
  if (isSessionNode(argument)) return panel.show({ session: argument.session });
  return panel.show();
}

/** From the line under the cursor to the row. */
async function revealInTimeline({ records, panel }: Parts): Promise<void> {
  const editor = vscode.window.activeTextEditor;
  const found = editor && (await records.find(editor.document, editor.selection.active.line));
  if (!found) throw new Error(vscode.l10n.t("The cursor is not on a line of a log."));
  if (!found.lookup) throw new Error(vscode.l10n.t("This line belongs to no request."));
  await panel.show({ session: found.lookup.session, request: found.lookup.index });
}

async function openSlice({ slices, links }: Parts, argument: unknown): Promise<void> {
  const target = given(isSliceTarget, argument);
  const file = target?.file ?? (argument instanceof vscode.Uri ? argument.fsPath : activeFile());
  if (file === undefined) throw new Error(vscode.l10n.t("No log is open in the active tab."));
  const line = target?.line ?? (await slices.askLine(file));
  if (line !== undefined) await links.showSlice(file, line);
}

async function openSession({ sessions, panel }: Parts, argument: unknown): Promise<void> {
  const paths = given(isPaths, argument) ?? (await askPaths(await sessions.list()));
  if (paths?.length) await panel.show({ session: (await sessions.add(paths)).key });
}

/** Logs of other tools, HAR and OTLP files: read where they are, several are paired with each other. */
async function importLogs({ sessions, panel }: Parts, argument: unknown): Promise<void> {
  const paths = given(isPaths, argument) ?? (await askFiles(vscode.l10n.t("Import")));
  if (paths?.length) await panel.show({ session: (await sessions.add(paths)).key });
}

async function askFiles(title: string): Promise<string[] | undefined> {
  const chosen = await vscode.window.showOpenDialog({ canSelectMany: true, title });
  return chosen?.map(({ fsPath }) => fsPath);
}

/** Of a session that is known, the newest first, or of one from elsewhere. */
async function askPaths(known: readonly KnownSession[]): Promise<readonly string[] | undefined> {
  const title = vscode.l10n.t("Open Session");
  const folder = { label: vscode.l10n.t("A session's folder…") };
  // A dialog for both is not to be had everywhere, so it is asked for first.
  const logs = { label: vscode.l10n.t("Log files…") };
  const elsewhere = { label: vscode.l10n.t("Elsewhere"), kind: vscode.QuickPickItemKind.Separator };
  const items: (vscode.QuickPickItem & { paths?: readonly string[] })[] = [
    ...known.map(({ key, name, paths }) => ({ label: name, description: key, paths })),
    ...[elsewhere, folder, logs],
  ];
  const kind = await vscode.window.showQuickPick(items, { title, matchOnDescription: true });
  if (kind === undefined || kind.paths) return kind?.paths;
  if (kind === logs) return askFiles(title);
  const chosen = await vscode.window.showOpenDialog({
    canSelectFiles: false,
    canSelectFolders: true,
    title,
  });
  return chosen?.map(({ fsPath }) => fsPath);
}

/** That of the log in the active editor, that of the panel, or one that is asked for. */
async function chosenSession({ sessions, panel }: Parts): Promise<SessionKey | undefined> {
  const document = vscode.window.activeTextEditor?.document;
  const place = document && formatOf(document) && placeOf(document, 0);
  return place ? (await sessions.openForLog(place.file)).key : (panel.session ?? pickSession(sessions));
}

async function pickSession(sessions: Sessions): Promise<SessionKey | undefined> {
  const known = await sessions.list();
  if (!known.length) throw new Error(vscode.l10n.t("There is no session yet; Record makes one."));
  const choice = await vscode.window.showQuickPick(
    known.map(({ key, name }) => ({ label: name, description: key, key })),
    { title: vscode.l10n.t("Which session?"), matchOnDescription: true },
  );
  return choice?.key;
}
