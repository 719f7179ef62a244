/** What became slower than the baseline, and what is over its budget, as Problems on the handlers' lines. */
import { basename } from "node:path";
import * as vscode from "vscode";
import { readBudgets } from "../model/compare/budgets";
import type { SourceLocation } from "../model/request";
import type { SessionComparison, SessionInfo, SessionKey } from "../protocol/messages";
import { readManifest } from "../session";
import type { EngineHost } from "./engine-host";
import { SETTINGS } from "./ids";
import { duration } from "./numbers";
import type { Sessions } from "./sessions";
import { findInWorkspace } from "./source-files";
import { diskFolders } from "./workspace";

const SOURCE = "Request Timeline";
/** After the last record of a recording: budgets are of whole sessions. */
const SETTLED_MS = 500;

interface Finding {
  route: string;
  text: string;
  severity: vscode.DiagnosticSeverity;
  source: SourceLocation | null;
}

export class Regressions implements vscode.Disposable {
  private readonly slower = vscode.languages.createDiagnosticCollection("request-timeline-slower");
  private readonly over = vscode.languages.createDiagnosticCollection(SETTINGS.budgets);
  private readonly subscriptions: vscode.Disposable;
  /** The session that was looked at last: its budgets are shown. */
  private latest: SessionKey | null = null;
  private due: NodeJS.Timeout | undefined;

  constructor(
    private readonly engine: EngineHost,
    private readonly sessions: Sessions,
    private readonly log: vscode.LogOutputChannel,
  ) {
    this.subscriptions = vscode.Disposable.from(
      this.slower,
      this.over,
      sessions.onDidOpen((info) => this.changed(info)),
      sessions.onDidChangeInfo((info) => this.changed(info)),
      vscode.workspace.onDidChangeConfiguration((event) => {
        if (event.affectsConfiguration(SETTINGS.budgets)) this.judgeSoon();
      }),
    );
  }

  dispose(): void {
    clearTimeout(this.due);
    this.subscriptions.dispose();
  }

  /** Replaces what an earlier comparison found. */
  show(session: SessionKey, { comparison, handlers }: SessionComparison): void {
    const sources = new Map(handlers.map(({ route, source }) => [route, source]));
    const findings = comparison.routes.flatMap(({ key, durations }): Finding[] => {
      const slower = durations.filter(({ word }) => word === "slower");
      if (!slower.length) return [];
      const parts = slower.map(({ duration: name, difference, mean }) => {
        const [by, part] = [difference?.estimate ?? 0, (difference?.estimate ?? 0) / mean[0]];
        return `${name} +${duration(by)}${Number.isFinite(part) ? ` (${Math.round(part * 100)} %)` : ""}`;
      });
      return [
        {
          route: key,
          text: vscode.l10n.t("{0} became slower than the baseline: {1}", key, parts.join(", ")),
          severity: vscode.DiagnosticSeverity.Warning,
          source: sources.get(key) ?? null,
        },
      ];
    });
    void this.set(this.slower, session, findings);
  }

  private changed({ key, recording }: SessionInfo): void {
    this.latest = key;
    if (!recording) this.judgeSoon();
  }

  private judgeSoon(): void {
    clearTimeout(this.due);
    this.due = setTimeout(() => {
      this.judge().catch((error: unknown) => this.log.error("budgets", String(error)));
    }, SETTLED_MS);
  }

  private async judge(): Promise<void> {
    const session = this.latest;
    if (session === null) return;
    const scope = vscode.Uri.file(session);
    const setting = vscode.workspace.getConfiguration(undefined, scope).get<unknown>(SETTINGS.budgets, {});
    const budgets = readBudgets(setting);
    if (typeof budgets === "string") return this.refuse(session, budgets);
    if (!budgets.length) return this.over.clear();
    await this.sessions.open(session);
    const found = await this.engine.request("overruns", { session, budgets });
    await this.set(
      this.over,
      session,
      found.map(({ budget, route, measured, certain, source }) => {
        const what = `${budget.duration} ${budget.statistic}`;
        const numbers = [route, what, duration(measured), duration(budget.most)] as const;
        return {
          route,
          text: certain
            ? vscode.l10n.t("{0} is over its budget: {1} {2} for {3}", ...numbers)
            : vscode.l10n.t(
                "{0} is perhaps over its budget: {1} {2} for {3}; the interval reaches below it",
                ...numbers,
              ),
          severity: certain ? vscode.DiagnosticSeverity.Error : vscode.DiagnosticSeverity.Warning,
          source,
        };
      }),
    );
  }

  private async refuse(session: SessionKey, reason: string): Promise<void> {
    const text = vscode.l10n.t("The setting {0} is not valid: {1}", SETTINGS.budgets, reason);
    await this.set(this.over, session, [
      { route: SETTINGS.budgets, text, severity: vscode.DiagnosticSeverity.Error, source: null },
    ]);
  }

  private async set(
    collection: vscode.DiagnosticCollection,
    session: SessionKey,
    findings: readonly Finding[],
  ): Promise<void> {
    const cwd = (await readManifest(session).catch(() => null))?.cwd ?? null;
    const byFile = new Map<string, vscode.Diagnostic[]>();
    for (const finding of findings) {
      const place = (finding.source && (await handlerPlace(finding.source, cwd))) ?? (await ownPlace(finding.route));
      if (!place) continue;
      const text = `${finding.text} (${basename(session)})`;
      const diagnostic = new vscode.Diagnostic(place.range, text, finding.severity);
      diagnostic.source = SOURCE;
      byFile.set(place.uri.toString(), [...(byFile.get(place.uri.toString()) ?? []), diagnostic]);
    }
    collection.clear();
    for (const [uri, own] of byFile) collection.set(vscode.Uri.parse(uri), own);
  }
}

const wholeLine = (line: number): vscode.Range => new vscode.Range(line, 0, line, Number.MAX_SAFE_INTEGER);

async function handlerPlace(source: SourceLocation, cwd: string | null): Promise<vscode.Location | null> {
  const file = await findInWorkspace(source, cwd);
  return file === null ? null : new vscode.Location(vscode.Uri.file(file), wholeLine((source.line ?? 1) - 1));
}

/** Where no handler is known: the budget's own line in the settings, else the project's package.json, else nothing. */
async function ownPlace(route: string): Promise<vscode.Location | null> {
  for (const { uri } of diskFolders())
    for (const path of [".vscode/settings.json", "package.json"]) {
      const file = vscode.Uri.joinPath(uri, path);
      const bytes = await vscode.workspace.fs.readFile(file).then(
        (found) => found,
        () => null,
      );
      if (!bytes) continue;
      const lines = new TextDecoder().decode(bytes).split("\n");
      const named = [JSON.stringify(route), JSON.stringify(SETTINGS.budgets)].map((text) =>
        lines.findIndex((line) => line.includes(text)),
      );
      const line = named.find((at) => at >= 0) ?? (path === "package.json" ? 0 : -1);
      if (line >= 0) return new vscode.Location(file, wholeLine(line));
    }
  return null;
}
