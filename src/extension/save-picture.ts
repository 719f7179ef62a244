/** Saves a chart's picture where the user says. */
import * as vscode from "vscode";
import type { PageAction } from "../protocol/messages";

export async function savePicture({ name, svg }: Extract<PageAction, { action: "save-svg" }>): Promise<void> {
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri;
  const file = `${name.replace(/[^\p{L}\p{N}]+/gu, "-").replace(/^-+|-+$/g, "") || "chart"}.svg`;
  const chosen = await vscode.window.showSaveDialog({
    title: vscode.l10n.t("Export Chart"),
    ...(folder && { defaultUri: vscode.Uri.joinPath(folder, file) }),
    filters: { SVG: ["svg"] },
  });
  if (chosen) await vscode.workspace.fs.writeFile(chosen, new TextEncoder().encode(svg));
}
