/** While something records: how much there is, and a click to stop. */
import * as vscode from "vscode";
import { COMMANDS } from "./ids";
import { count } from "./numbers";
import type { Recordings } from "./recordings";
import type { Sessions } from "./sessions";
import type { InstrumentedTerminals } from "./terminals";

export class RecordingStatus implements vscode.Disposable {
  private readonly item = vscode.window.createStatusBarItem("recording", vscode.StatusBarAlignment.Left);
  private readonly subscriptions: vscode.Disposable[];

  constructor(
    private readonly sessions: Sessions,
    private readonly recordings: Recordings,
    private readonly terminals: Pick<InstrumentedTerminals, "session">,
  ) {
    this.item.name = vscode.l10n.t("Request Timeline: Recording");
    this.item.tooltip = vscode.l10n.t("Stop the recording");
    this.item.command = COMMANDS.stop;
    this.subscriptions = [
      this.item,
      recordings.onDidChange(() => this.update()),
      sessions.onDidChangeInfo(() => this.update()),
    ];
    this.update();
  }

  dispose(): void {
    vscode.Disposable.from(...this.subscriptions).dispose();
  }

  private update(): void {
    const { live } = this.recordings;
    if (!live.length) {
      this.item.hide();
      return;
    }
    const requests = live.reduce((sum, session) => sum + (this.sessions.info(session)?.requests ?? 0), 0);
    this.item.text =
      this.terminals.session === null
        ? `$(record) ${vscode.l10n.t("Recording {0}", count(requests))}`
        : `$(terminal) ${vscode.l10n.t("Recording terminals {0}", count(requests))}`;
    this.item.show();
  }
}
