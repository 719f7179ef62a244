/** Export As…: a session in a format of other tools. */
import * as vscode from "vscode";
import type { SessionKey } from "../protocol/messages";
import { runCommandLine } from "./command-line";
import { configuredReading } from "./reading";
import type { Sessions } from "./sessions";
import { type Guarded, oneOf, optional, shape, text } from "./validate";

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

/** Asks for what is not given. Resolves to the file or collector that was written to; undefined where the user went away. */
export async function exportAs(
  cliFile: string,
  sessions: Sessions,
  session: SessionKey,
  given: ExportAsOptions,
): Promise<string | undefined> {
  const known = await sessions.get(session);
  const target = given.format ?? (await askTarget());
  const format = target === "collector" ? "otlp" : target;
  const file = given.file ?? (target && (await (target === "collector" ? askCollector() : askFile(session, target))));
  if (!format || file === undefined) return undefined;
  const { zone, directive } = configuredReading();
  const words = [
    "convert",
    ...(known?.paths ?? [session]),
    ...["--to", format, "--out", file],
    ...(zone === undefined ? [] : [`--zone=${zoneText(zone)}`]),
    ...(directive === undefined ? [] : ["--log-format", directive]),
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

async function askTarget(): Promise<Format | "collector" | undefined> {
  const targets: (vscode.QuickPickItem & { target: Format | "collector" })[] = [
    { target: "har", label: "HAR", description: vscode.l10n.t("browsers' network panels") },
    { target: "otlp", label: "OTLP/JSON", description: vscode.l10n.t("OpenTelemetry collectors, Jaeger, Tempo") },
    {
      target: "collector",
      label: vscode.l10n.t("OTLP to a collector…"),
      description: vscode.l10n.t("sent to an address at once"),
    },
    { target: "chrome-trace", label: "Chrome trace", description: "Perfetto" },
    { target: "csv", label: "CSV", description: vscode.l10n.t("spreadsheets") },
    { target: "native", label: vscode.l10n.t("Request Timeline log"), description: vscode.l10n.t("one file") },
  ];
  const choice = await vscode.window.showQuickPick(targets, { title: vscode.l10n.t("Export as what?") });
  return choice?.target;
}

const askCollector = () =>
  vscode.window.showInputBox({
    title: vscode.l10n.t("Address of the collector's OTLP/HTTP traces"),
    value: "http://127.0.0.1:4318/v1/traces",
    validateInput: (value) =>
      /^https?:\/\/[^/\s]+\/\S*$/.test(value) ? undefined : vscode.l10n.t("Write http://HOST:PORT/v1/traces."),
  });

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
