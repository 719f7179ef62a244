/** Offers a slice where the active tab shows a log that is too large for an extension's document. */
import { open } from "node:fs/promises";
import * as vscode from "vscode";
import { detectFormat } from "../formats/registry";
import { COMMANDS, CONTEXT_KEYS } from "./ids";
import { configuredReading } from "./reading";
import { activeFile, isLarge } from "./slices";

const HEAD_BYTES = 64 * 1024;

async function isLog(file: string): Promise<boolean> {
  const handle = await open(file);
  try {
    const head = Buffer.alloc(HEAD_BYTES);
    const { bytesRead } = await handle.read(head, 0, HEAD_BYTES, 0);
    return detectFormat(head.toString("utf8", 0, bytesRead), configuredReading()) !== null;
  } finally {
    await handle.close();
  }
}

export class LargeLogs implements vscode.Disposable {
  private readonly offered = new Set<string>();
  private readonly subscription: vscode.Disposable;

  constructor(private readonly log: vscode.LogOutputChannel) {
    this.subscription = vscode.window.tabGroups.onDidChangeTabs(() => void this.consider());
    void this.consider();
  }

  dispose(): void {
    this.subscription.dispose();
  }

  private async consider(): Promise<void> {
    const file = activeFile();
    try {
      const isWanted = file !== undefined && (await isLarge(file)) && (await isLog(file));
      if (activeFile() !== file) return;
      await vscode.commands.executeCommand("setContext", CONTEXT_KEYS.largeLog, isWanted);
      if (!isWanted || this.offered.has(file)) return;
      this.offered.add(file);
      await offer(file);
    } catch (error) {
      this.log.debug(`${file} cannot be looked at`, error instanceof Error ? error.message : String(error));
    }
  }
}

async function offer(file: string): Promise<void> {
  const open = vscode.l10n.t("Open Slice…");
  const said = vscode.l10n.t("This log is too large for hovers and links; a slice of it has them.");
  if ((await vscode.window.showInformationMessage(said, open)) === open)
    await vscode.commands.executeCommand(COMMANDS.openSlice, { file });
}
