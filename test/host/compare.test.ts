import assert from "node:assert/strict";
import { dirname, join } from "node:path";
import * as vscode from "vscode";
import { COMMANDS, SETTINGS } from "../../src/extension/ids";
import type { SessionComparison } from "../../src/protocol/messages";
import { api, CAMPUS, campusSession, record, requestsOf, until, workspace } from "./support";

const problems = () =>
  vscode.languages.getDiagnostics().flatMap(([uri, found]) =>
    found.map(({ message, severity, range, source }) => ({
      file: uri.fsPath,
      message,
      severity,
      line: range.start.line,
      source,
    })),
  );

describe("Compare with Baseline", () => {
  const configuration = () => vscode.workspace.getConfiguration(undefined, vscode.workspace.workspaceFolders![0]!.uri);
  after(() => configuration().update(SETTINGS.budgets, undefined, vscode.ConfigurationTarget.Workspace));

  it("compares a session with the one that was made the baseline, which the tree marks", async () => {
    const base = await campusSession();
    const { session } = await record(CAMPUS);
    assert.equal(dirname(base), dirname(session));
    await vscode.commands.executeCommand(COMMANDS.setBaseline, { session: base });
    const { tree, panel } = await api();
    await until("the baseline's mark", async () => {
      const node = (await tree.getChildren()).find((one) => one.session === base)!;
      return /baseline/.test(String(tree.getTreeItem(node).description));
    });
    const found = await vscode.commands.executeCommand<SessionComparison>(COMMANDS.compareWithBaseline, { session });
    const { routes, notes } = found.comparison;
    assert.ok(
      routes.some(({ key }) => key === "GET /"),
      JSON.stringify(routes.map(({ key }) => key)),
    );
    assert.equal(routes[0]!.durations[0]!.word, "not enough data");
    assert.match(notes[0]!, /noise from run to run/);
    assert.match(found.markdown, /^\| route \|/);
    assert.equal(panel.session, session);
    await until("the page", () => panel.isReady);
  });

  it("shows what is over its budget as a problem on the handler's line, until the budget is gone", async () => {
    const session = await campusSession();
    await requestsOf(session);
    const budgets = { "GET /cgi-bin/calendar.cgi": { serverResponse: { max: 0.001 } } };
    await configuration().update(SETTINGS.budgets, budgets, vscode.ConfigurationTarget.Workspace);
    const file = join(workspace(), "cgi-bin", "calendar.cgi");
    const problem = await until("the problem", () => problems().find((one) => /over its budget/.test(one.message)));
    assert.deepEqual(
      [problem.file, problem.line, problem.severity, problem.source],
      [file, 0, vscode.DiagnosticSeverity.Error, "Request Timeline"],
    );
    await configuration().update(SETTINGS.budgets, {}, vscode.ConfigurationTarget.Workspace);
    await until("no problem", () => !problems().some((one) => /over its budget/.test(one.message)));
  });

  it("says in the settings where budgets are not valid", async () => {
    await configuration().update(SETTINGS.budgets, { "GET /": { nothing: {} } }, vscode.ConfigurationTarget.Workspace);
    const problem = await until("the problem", () => problems().find((one) => /is not valid/.test(one.message)));
    assert.match(problem.file, /settings\.json$/);
    assert.match(problem.message, /no duration is called nothing/);
  });
});
