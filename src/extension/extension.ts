/** Activation: the parts are made once, know each other by their constructors, and go with the extension. */
import { join } from "node:path";
import * as vscode from "vscode";
import type { SessionKey } from "../protocol/messages";
import { registerCommands } from "./commands";
import { EngineHost } from "./engine-host";
import { LogHover } from "./hover";
import { COMMIT_SCHEME, LOG_LANGUAGE, SESSIONS_VIEW, SLICE_SCHEME, TASK_TYPE, TIMELINE_PANEL } from "./ids";
import { LargeLogs } from "./large-logs";
import { Links } from "./links";
import { LOG_SELECTOR, LogEditors } from "./log-documents";
import { LogFolding } from "./log-folding";
import { LogLinks } from "./log-links";
import { LogLookup } from "./log-lookup";
import { LogProblems } from "./log-problems";
import { TimelinePanel } from "./panel";
import { Recorder } from "./recorder";
import { Recordings } from "./recordings";
import { Regressions } from "./regressions";
import { Schedules } from "./schedules";
import { SelectionSpan } from "./selection-span";
import { SessionFolders } from "./session-folders";
import { Sessions } from "./sessions";
import { SliceLenses } from "./slice-lenses";
import { SliceDocuments } from "./slices";
import { CommitDocuments } from "./stale-source";
import { RecordingStatus } from "./status";
import { TimelineTasks } from "./tasks";
import { InstrumentedTerminals } from "./terminals";
import { SessionTree } from "./tree";
import { ZoneQuestion } from "./zone";

/** What the extension gives to other extensions and to its own tests. */
export interface ExtensionApi {
  readonly engine: Pick<EngineHost, "request">;
  readonly sessions: Pick<Sessions, "list" | "open">;
  readonly tree: Pick<SessionTree, "getChildren" | "getTreeItem">;
  readonly panel: Pick<TimelinePanel, "session" | "isReady" | "onDidChangeReady">;
  readonly recordings: Pick<Recordings, "live" | "isLive">;
  readonly hover: Pick<LogHover, "provideHover">;
}

export function activate(context: vscode.ExtensionContext): ExtensionApi {
  const keep = <T extends vscode.Disposable>(part: T): T => {
    context.subscriptions.push(part);
    return part;
  };
  const dist = (file: string) => join(context.extensionPath, "dist", file);
  const memory = context.workspaceState;
  const log = keep(vscode.window.createOutputChannel("Request Timeline", { log: true }));
  const engine = keep(new EngineHost(dist("engine.js")));
  const sessions = keep(new Sessions(engine, memory));
  const recordings = keep(new Recordings(log));
  const folders = keep(new SessionFolders(String(context.extension.packageJSON.version)));
  const cliFile = dist("cli.js");
  const tasks = new TimelineTasks(cliFile, folders, recordings);
  const recorder = new Recorder(tasks, folders, recordings);
  const terminals = new InstrumentedTerminals(context.environmentVariableCollection, folders, recordings);
  const links = new Links(engine, sessions, () => panel.viewColumn);
  const panel = keep(new TimelinePanel(context.extensionUri, engine, sessions, recordings, links, memory, log));
  const records = new LogLookup(engine, sessions);
  const hover = new LogHover(records);
  const slices = new SliceDocuments();
  const tree = keep(new SessionTree(engine, sessions, recordings));

  const show = (session: SessionKey) => panel.show({ session, preserveFocus: true });
  const schedules = keep(new Schedules(recorder, recordings, memory, show));

  keep(recordings.onDidChange((session) => void folders.use(session)));
  keep(engine.onDidEnd((error) => log.error("the engine has ended", error)));
  keep(new ZoneQuestion(engine, sessions));
  keep(new RecordingStatus(sessions, recordings, terminals));
  keep(vscode.window.registerTreeDataProvider(SESSIONS_VIEW, tree));
  keep(vscode.window.registerWebviewPanelSerializer(TIMELINE_PANEL, panel));
  keep(vscode.workspace.registerTextDocumentContentProvider(COMMIT_SCHEME, new CommitDocuments()));
  keep(vscode.tasks.registerTaskProvider(TASK_TYPE, tasks));
  for (const part of logParts(records, slices, hover)) keep(part);
  keep(new LogProblems(engine, sessions));
  keep(new LargeLogs(log));
  const regressions = keep(new Regressions(engine, sessions, log));
  const parts = {
    regressions,
    engine,
    sessions,
    recordings,
    recorder,
    schedules,
    folders,
    terminals,
    panel,
    links,
    records,
    slices,
  };
  keep(registerCommands({ ...parts, cliFile, memory, log }));
  return { engine, sessions, tree, panel, recordings, hover };
}

/** What a log has in the editor. */
function logParts(records: LogLookup, slices: SliceDocuments, hover: LogHover): vscode.Disposable[] {
  return [
    new LogEditors(),
    new SelectionSpan(records),
    vscode.workspace.registerTextDocumentContentProvider(SLICE_SCHEME, slices),
    vscode.languages.registerCodeLensProvider({ scheme: SLICE_SCHEME }, new SliceLenses()),
    vscode.languages.registerHoverProvider(LOG_SELECTOR, hover),
    vscode.languages.registerFoldingRangeProvider({ language: LOG_LANGUAGE }, new LogFolding()),
    vscode.languages.registerDocumentLinkProvider({ language: LOG_LANGUAGE }, new LogLinks()),
  ];
}
