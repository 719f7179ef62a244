/** Export Report: a session as a file that others can read. */
import { extname } from "node:path";
import * as vscode from "vscode";
import type { EngineParams, SessionKey } from "../protocol/messages";
import type { EngineHost } from "./engine-host";
import { count } from "./numbers";
import type { Sessions } from "./sessions";
import { type Guarded, oneOf, optional, shape, text } from "./validate";

type Format = EngineParams<"export">["format"];

const EXTENSIONS = { markdown: "md", html: "html", csv: "csv", json: "json", table: "txt" } as const satisfies Record<
  Format,
  string
>;

export const isExportOptions = shape({
  session: optional(text(4_096)),
  format: optional(oneOf("markdown", "html", "csv", "json", "table")),
  file: optional(text(4_096)),
});
export type ExportOptions = Guarded<typeof isExportOptions>;

/** Asks for what is not given. Resolves to the file that was written; undefined where the user went away. */
export async function exportReport(
  engine: EngineHost,
  sessions: Sessions,
  session: SessionKey,
  { format: wanted, file }: ExportOptions,
): Promise<string | undefined> {
  const target = file ?? (await askFile(session));
  if (target === undefined) return undefined;
  const format = wanted ?? formatOf(target);
  await sessions.open(session);
  const progress = { location: vscode.ProgressLocation.Window, title: vscode.l10n.t("Exporting the report") };
  const { requests } = await vscode.window.withProgress(progress, () =>
    engine.request("export", { session, format, file: target }),
  );
  if (file === undefined) void offerToOpen(target, requests);
  return target;
}

async function askFile(session: SessionKey): Promise<string | undefined> {
  const folder = vscode.workspace.getWorkspaceFolder(vscode.Uri.file(session))?.uri;
  const chosen = await vscode.window.showSaveDialog({
    title: vscode.l10n.t("Export Report"),
    defaultUri: folder && vscode.Uri.joinPath(folder, "request-timeline-report.md"),
    filters: { Markdown: ["md"], HTML: ["html"], CSV: ["csv"], JSON: ["json"], [vscode.l10n.t("Text")]: ["txt"] },
  });
  return chosen?.fsPath;
}

function formatOf(file: string): Format {
  const extension = extname(file).slice(1).toLowerCase();
  const format = (Object.keys(EXTENSIONS) as Format[]).find((name) => EXTENSIONS[name] === extension);
  if (format) return format;
  throw new Error(vscode.l10n.t("A report's file name ends in .md, .html, .csv, .json or .txt."));
}

async function offerToOpen(file: string, requests: number): Promise<void> {
  const open = vscode.l10n.t("Open");
  const said = vscode.l10n.t("The report of {0} requests is written.", count(requests));
  if ((await vscode.window.showInformationMessage(said, open)) !== open) return;
  const uri = vscode.Uri.file(file);
  // A browser shows it; on a remote machine there may be none, and the editor shows its text.
  if (formatOf(file) === "html" && (await vscode.env.openExternal(uri))) return;
  await vscode.commands.executeCommand("vscode.open", uri);
}
