/** Opening a large session takes seconds: how far it is, and a way to give it up. */
import * as vscode from "vscode";
import type { SessionInfo, SessionKey } from "../protocol/messages";
import type { EngineHost } from "./engine-host";

/** What is done sooner needs no notification. */
const SHOWN_AFTER_MS = 1000;
const MEGABYTE = 1e6;

/** The same promise. Where it takes long, a notification says how much has been read; cancelling rejects the promise. */
export function withReadingProgress(
  engine: EngineHost,
  { key, name }: { key: SessionKey; name: string },
  opening: Promise<SessionInfo>,
): Promise<SessionInfo> {
  let said = 0;
  const timer = setTimeout(() => {
    const options = {
      location: vscode.ProgressLocation.Notification,
      title: vscode.l10n.t("Reading {0}", name),
      cancellable: true,
    };
    void vscode.window.withProgress(options, async (progress, token) => {
      const subscriptions = [
        token.onCancellationRequested(() => void engine.request("close", { session: key }).catch(() => undefined)),
        engine.onEvent((event) => {
          if (event.event !== "progress" || event.session !== key) return;
          const percent = (100 * event.done) / event.total;
          const megabytes = [event.done, event.total].map((bytes) => Math.round(bytes / MEGABYTE));
          progress.report({ increment: percent - said, message: vscode.l10n.t("{0} of {1} MB", ...megabytes) });
          said = percent;
        }),
      ];
      await opening.catch(() => undefined);
      vscode.Disposable.from(...subscriptions).dispose();
    });
  }, SHOWN_AFTER_MS);
  opening.catch(() => undefined).finally(() => clearTimeout(timer));
  return opening;
}
