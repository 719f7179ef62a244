/** Compare with Baseline: what changed since the session that stands for how it was. */
import { dirname } from "node:path";
import * as vscode from "vscode";
import type { SessionComparison, SessionKey } from "../protocol/messages";
import { readBaseline, sidesWith, writeBaseline } from "../session/baseline";
import type { EngineHost } from "./engine-host";
import type { TimelinePanel } from "./panel";
import type { Regressions } from "./regressions";
import type { KnownSession, Sessions } from "./sessions";
import { type Guarded, optional, shape, text } from "./validate";

export const isCompareOptions = shape({
  session: optional(text(4_096)),
  /** Compared with this session instead of the baseline; it does not become the baseline. */
  base: optional(text(4_096)),
});
export type CompareOptions = Guarded<typeof isCompareOptions>;

export interface ComparisonParts {
  engine: EngineHost;
  sessions: Sessions;
  panel: TimelinePanel;
  regressions: Regressions;
}

/** Asks for a baseline where there is none yet. Undefined where the user went away. */
export async function compareWithBaseline(
  { engine, sessions, panel, regressions }: ComparisonParts,
  session: SessionKey,
  base?: SessionKey,
): Promise<SessionComparison | undefined> {
  const before = base ?? (await readBaseline(dirname(session))) ?? (await askBaseline(sessions, session));
  if (before === undefined) return undefined;
  if (before === session) throw new Error(vscode.l10n.t("This session is the baseline itself."));
  const [bases, others] = base === undefined ? await sidesWith(before, session) : [[before], [session]];
  const found = await vscode.window.withProgress(
    { location: vscode.ProgressLocation.Window, title: vscode.l10n.t("Comparing") },
    async () => {
      for (const key of [...bases, ...others]) await sessions.open(key);
      return engine.request("compare", { base: bases, sessions: others });
    },
  );
  regressions.show(session, found);
  await panel.compare({ base: before, session, found });
  return found;
}

export async function setBaseline(sessions: Sessions, session: SessionKey): Promise<void> {
  await writeBaseline(session);
  await sessions.refresh();
}

/** The session that is chosen becomes the baseline, so that it is asked for once. */
async function askBaseline(sessions: Sessions, session: SessionKey): Promise<SessionKey | undefined> {
  const others = (await sessions.list()).filter(({ key }) => key !== session && dirname(key) === dirname(session));
  if (!others.length)
    throw new Error(vscode.l10n.t("There is no other session beside this one to compare with; Record makes one."));
  const choice = await vscode.window.showQuickPick(
    others.map(({ key, name }: KnownSession) => ({ label: name, description: key, key })),
    { title: vscode.l10n.t("Which session is the baseline?") },
  );
  if (choice) await setBaseline(sessions, choice.key);
  return choice?.key;
}
