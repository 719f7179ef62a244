import assert from "node:assert/strict";
import { join } from "node:path";
import * as vscode from "vscode";
import { COMMANDS, TIMELINE_PANEL } from "../../src/extension/ids";
import { api, campusSession, closeEditors, until, workspace } from "./support";

const timelineTabs = () =>
  vscode.window.tabGroups.all
    .flatMap(({ tabs }) => tabs)
    .filter(({ input }) => input instanceof vscode.TabInputWebview && input.viewType.endsWith(TIMELINE_PANEL));

describe("the timeline's panel", () => {
  before(closeEditors);

  it("opens on a session, once", async () => {
    const { panel } = await api();
    const session = await campusSession();
    await vscode.commands.executeCommand(COMMANDS.openTimeline, { session });
    await vscode.commands.executeCommand(COMMANDS.openTimeline, { session });
    await until("the page", () => panel.isReady);
    assert.equal(panel.session, session);
    assert.equal(timelineTabs().length, 1);
  });

  it("comes back after it was hidden", async () => {
    const { panel } = await api();
    const session = await campusSession();
    await vscode.commands.executeCommand(COMMANDS.openTimeline, { session });
    await until("the page", () => panel.isReady);
    const document = await vscode.workspace.openTextDocument(join(workspace(), "htdocs/index.html"));
    await vscode.window.showTextDocument(document, timelineTabs()[0]!.group.viewColumn);
    await until("the hidden page to go", () => !panel.isReady);
    await vscode.commands.executeCommand(COMMANDS.openTimeline);
    await until("the page again", () => panel.isReady);
    assert.equal(panel.session, session);
  });

  it("goes away with its tab", async () => {
    const { panel } = await api();
    await vscode.window.tabGroups.close(timelineTabs());
    await until("the closed panel", () => !panel.isReady);
  });
});
