/** Record's question how to request: pages, pages in a browser, a load, by a schedule; or what a request file says. */
import * as vscode from "vscode";
import { fullHourFrom, MAX_SLOTS, nextTimeOfDay, secondsOf } from "../model/schedule";
import { count } from "./numbers";
import type { ProbeOptions } from "./probe-options";

/** What is requested, and how. */
export interface Requests {
  urls: string[];
  probe: ProbeOptions;
}

interface Choice extends vscode.QuickPickItem {
  answer: () => Promise<Requests | undefined>;
}

/** Asks; undefined where the user went away. No URLs: record until Stop. */
export async function askRequests(
  folder: vscode.WorkspaceFolder,
  last: readonly string[] | undefined,
): Promise<Requests | undefined> {
  const { t } = vscode.l10n;
  const pages = async (probe: ProbeOptions | undefined) => {
    const urls = probe && (await askUrls(last));
    return probe && urls && { urls, probe };
  };
  const choices: Choice[] = [
    { label: `$(file-media) ${t("Pages")}`, answer: () => pages({ page: true }) },
    { label: `$(browser) ${t("Pages in a browser")}`, answer: () => pages({ browser: true }) },
    { label: `$(pulse) ${t("A load")}`, answer: async () => pages(await askLoad()) },
    { label: `$(file-code) ${t("A request file")}`, answer: () => askFile(folder) },
    { label: `$(calendar) ${t("Pages by a schedule")}`, answer: async () => pages(await askSchedule()) },
    { label: `$(record) ${t("Nothing: record until Stop")}`, answer: async () => ({ urls: [], probe: {} }) },
  ];
  const choice = await vscode.window.showQuickPick(choices, { title: t("Record: what is requested?") });
  return choice?.answer();
}

async function askUrls(last: readonly string[] | undefined): Promise<string[] | undefined> {
  const line = await vscode.window.showInputBox({
    title: vscode.l10n.t("Record: what to request"),
    prompt: vscode.l10n.t("Paths or URLs with blanks between."),
    placeHolder: "/ /api/items",
    value: last?.length ? last.join(" ") : "/",
  });
  const urls = line?.split(/\s+/).filter(Boolean);
  return urls?.length ? urls : undefined;
}

async function askLoad(): Promise<ProbeOptions | undefined> {
  const { t } = vscode.l10n;
  const rate = await vscode.window.showInputBox({
    title: t("Record: requests per second"),
    prompt: t("They are sent at these times whether answers come or not."),
    value: "50",
    validateInput: (value) => (Number(value) > 0 ? undefined : t("A number over 0.")),
  });
  const duration = rate && (await askTime(t("Record: for how long"), "10s"));
  return duration ? { rate: Number(rate), duration } : undefined;
}

async function askSchedule(): Promise<ProbeOptions | undefined> {
  const { t } = vscode.l10n;
  const every = await askTime(t("Record: how far apart"), "30m");
  const until =
    every &&
    (await vscode.window.showInputBox({
      title: t("Record: until when"),
      prompt: t("A time of the day."),
      value: clock.format(fullHourFrom(Date.now() + secondsOf(every) * 1_000)),
      validateInput: (value) => aboutEnd(value, every),
    }));
  return until ? { page: true, every, until } : undefined;
}

/** As the probe reads it, in whatever language the user's VS Code is. */
const clock = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit" });

/** What is wrong with a schedule's end; else what it comes to. */
function aboutEnd(value: string, every: string): string | vscode.InputBoxValidationMessage {
  const { t } = vscode.l10n;
  const start = Date.now();
  const until = nextTimeOfDay(value, start);
  if (Number.isNaN(until)) return t("A time of the day, such as 18:00.");
  const distance = secondsOf(every) * 1_000;
  const slots = Math.floor((until - start) / distance) + 1;
  if (slots > MAX_SLOTS) return t("{0} passes are too many: at most {1}.", count(slots), count(MAX_SLOTS));
  const last = new Date(start + (slots - 1) * distance);
  const isToday = last.getDate() === new Date(start).getDate();
  const time = clock.format(last);
  const message =
    slots === 1
      ? t("One pass, now.")
      : isToday
        ? t("{0} passes, the last at {1} today.", count(slots), time)
        : t("{0} passes, the last at {1} tomorrow.", count(slots), time);
  return { message, severity: vscode.InputBoxValidationSeverity.Info };
}

function askTime(title: string, value: string): Thenable<string | undefined> {
  return vscode.window.showInputBox({
    title,
    value,
    validateInput: (text) =>
      Number.isNaN(secondsOf(text)) ? vscode.l10n.t("A time such as 30s, 2m or 1h.") : undefined,
  });
}

async function askFile(folder: vscode.WorkspaceFolder): Promise<Requests | undefined> {
  const pattern = new vscode.RelativePattern(folder, "**/*.{http,rest}");
  const files = await vscode.workspace.findFiles(pattern, "**/node_modules/**", 100);
  if (!files.length) throw new Error(vscode.l10n.t("There is no request file (.http, .rest) in this folder."));
  const choice = await vscode.window.showQuickPick(
    files.map((file) => ({ label: vscode.workspace.asRelativePath(file, false), file })),
    { title: vscode.l10n.t("Record: which request file?") },
  );
  return choice && { urls: [choice.file.fsPath], probe: {} };
}
