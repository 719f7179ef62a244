/** The time zone of logs that name none: a setting, asked for once where such a log is opened, never assumed. */
import * as vscode from "vscode";
import { NO_ZONE } from "../formats/ctime";
import { zoneMinutes } from "../model/time";
import type { SessionInfo } from "../protocol/messages";
import type { EngineHost } from "./engine-host";
import { SETTINGS } from "./ids";
import type { Sessions } from "./sessions";

/** The fault stands among the first problems of its file. */
const LOOKED_AT = 1_000;

/** Minutes east of UTC; undefined where the user has not said. */
export function configuredZone(): number | undefined {
  const text = vscode.workspace.getConfiguration().get(SETTINGS.zone, "");
  return zoneMinutes(text) ?? undefined;
}

/** Asks for the zone when the first session is opened that needs it, and reopens what is open when it changes. */
export class ZoneQuestion implements vscode.Disposable {
  private asked = false;
  private readonly subscriptions: vscode.Disposable;

  constructor(
    private readonly engine: EngineHost,
    sessions: Sessions,
  ) {
    this.subscriptions = vscode.Disposable.from(
      sessions.onDidOpen((info) => void this.consider(info)),
      vscode.workspace.onDidChangeConfiguration((change) => {
        if (
          [SETTINGS.zone, SETTINGS.logFormat, SETTINGS.sessionMemory].some((name) => change.affectsConfiguration(name))
        )
          void sessions.reopenAll();
      }),
    );
  }

  dispose(): void {
    this.subscriptions.dispose();
  }

  private async consider({ key, problems }: SessionInfo): Promise<void> {
    if (this.asked || !problems || configuredZone() !== undefined) return;
    const found = await this.engine.request("problems", { session: key, limit: LOOKED_AT });
    if (this.asked || !found.problems.some(({ reason }) => reason === NO_ZONE)) return;
    this.asked = true;
    const set = vscode.l10n.t("Set Time Zone…");
    const said = vscode.l10n.t("The times of this log have no zone, so none of its records is used.");
    if ((await vscode.window.showWarningMessage(said, set)) === set) await askZone();
  }
}

async function askZone(): Promise<void> {
  const zone = await vscode.window.showInputBox({
    title: vscode.l10n.t("Time zone of logs that name none"),
    placeHolder: "-07:00",
    validateInput: (value) =>
      zoneMinutes(value) === null ? vscode.l10n.t("Write ±HH:MM, such as -07:00.") : undefined,
  });
  if (zone !== undefined)
    await vscode.workspace
      .getConfiguration()
      .update(
        SETTINGS.zone,
        zone,
        vscode.workspace.workspaceFolders ? vscode.ConfigurationTarget.Workspace : vscode.ConfigurationTarget.Global,
      );
}
