/** Export As…: a session in a format of other tools. */
import * as vscode from "vscode";
import type { SessionKey } from "../protocol/messages";
import { runCommandLine } from "./command-line";
import type { Sessions } from "./sessions";
import { type Guarded, oneOf, optional, shape, text } from "./validate";
import { configuredZone } from "./zone";

const FORMATS = ["har", "otlp", "chrome-trace", "csv", "native"] as const;
type Format = (typeof FORMATS)[number];

const EXTENSIONS = {
  har: "har",
  otlp: "jsonl",
  "chrome-trace": "json",
  csv: "csv",
  native: "ndjson",
} as const satisfies Record<Format, string>;

export const isExportAsOptions = shape({
  session: optional(text(4_096)),
  format: optional(oneOf(...FORMATS)),
  file: optional(text(4_096)),
});
export type ExportAsOptions = Guarded<typeof isExportAsOptions>;

/** Asks for what is not given. Resolves to the file that was written; undefined where the user went away. */
export async function exportAs(
  cliFile: string,
  sessions: Sessions,
  session: SessionKey,
  given: ExportAsOptions,
): Promise<string | undefined> {
  const known = await sessions.get(session);
  const format = given.format ?? (await askFormat());
  const file = format && (given.file ?? (await askFile(session, format)));
  if (!format || file === undefined) return undefined;
  const zone = configuredZone();
  const words = [
    "convert",
    ...(known?.paths ?? [session]),
    ...["--to", format, "--out", file],
    ...(zone === undefined ? [] : [`--zone=${zoneText(zone)}`]),
  ];
  const progress = {
    location: vscode.ProgressLocation.Notification,
    title: vscode.l10n.t("Exporting"),
    cancellable: true,
  };
  await vscode.window.withProgress(progress, (_, token) => runCommandLine(cliFile, words, token));
  return file;
}

/** Minutes east of UTC as `±HH:MM`. */
function zoneText(minutes: number): string {
  const two = (value: number) => String(value).padStart(2, "0");
  const size = Math.abs(minutes);
  return `${minutes < 0 ? "-" : "+"}${two(Math.floor(size / 60))}:${two(size % 60)}`;
}

async function askFormat(): Promise<Format | undefined> {
  const formats: (vscode.QuickPickItem & { format: Format })[] = [
    { format: "har", label: "HAR", description: vscode.l10n.t("browsers' network panels") },
    { format: "otlp", label: "OTLP/JSON", description: vscode.l10n.t("OpenTelemetry collectors, Jaeger, Tempo") },
    { format: "chrome-trace", label: "Chrome trace", description: "Perfetto" },
    { format: "csv", label: "CSV", description: vscode.l10n.t("spreadsheets") },
    { format: "native", label: vscode.l10n.t("Request Timeline log"), description: vscode.l10n.t("one file") },
  ];
  const choice = await vscode.window.showQuickPick(formats, { title: vscode.l10n.t("Export as what?") });
  return choice?.format;
}

async function askFile(session: SessionKey, format: Format): Promise<string | undefined> {
  const folder = vscode.workspace.getWorkspaceFolder(vscode.Uri.file(session))?.uri;
  const extension = EXTENSIONS[format];
  const chosen = await vscode.window.showSaveDialog({
    title: vscode.l10n.t("Export As"),
    defaultUri: folder && vscode.Uri.joinPath(folder, `request-timeline.${extension}`),
    filters: { [format]: [extension] },
  });
  return chosen?.fsPath;
}
