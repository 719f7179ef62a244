import assert from "node:assert/strict";
import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import * as vscode from "vscode";
import { askRequests } from "../../src/extension/probe-questions";
import { workspace } from "./support";

const { showQuickPick, showInputBox } = vscode.window;

/** Answers a list by the item that ends so, and a line by what stands in it; returns the labels of all lists. */
function answering(wanted: string): string[] {
  const seen: string[] = [];
  const pick = (items: readonly vscode.QuickPickItem[]) => {
    seen.push(...items.map(({ label }) => label.replace(/^\$\([\w-]+\) /, "")));
    return Promise.resolve(items.find(({ label }) => label.endsWith(wanted)) ?? items[0]);
  };
  const line = ({ value }: vscode.InputBoxOptions) => Promise.resolve(value);
  Object.assign(vscode.window, { showQuickPick: pick, showInputBox: line });
  return seen;
}

describe("Record's question what to request", () => {
  const file = join(workspace(), "asked.http");
  before(() => writeFileSync(file, "GET http://127.0.0.1:1/\n"));
  after(() => {
    rmSync(file);
    Object.assign(vscode.window, { showQuickPick, showInputBox });
  });
  const asked = (wanted: string) => {
    answering(wanted);
    return askRequests(vscode.workspace.workspaceFolders![0]!, undefined);
  };

  it("offers pages, pages in a browser, a load, a request file, a schedule, and nothing", async () => {
    const offered = answering("until Stop");
    await askRequests(vscode.workspace.workspaceFolders![0]!, undefined);
    assert.deepEqual(offered, [
      "Pages",
      "Pages in a browser",
      "A load",
      "A request file",
      "Pages by a schedule",
      "Nothing: record until Stop",
    ]);
  });

  it("makes of each answer what the probe is told", async () => {
    const urls = ["/"];
    assert.deepEqual(await asked(") Pages"), { urls, probe: { page: true } });
    assert.deepEqual(await asked("in a browser"), { urls, probe: { browser: true } });
    assert.deepEqual(await asked("A load"), { urls, probe: { rate: 50, duration: "10s" } });
    assert.deepEqual(await asked("by a schedule"), { urls, probe: { page: true, every: "30m", until: "18:00" } });
    assert.deepEqual(await asked("A request file"), { urls: [file], probe: {} });
    assert.deepEqual(await asked("until Stop"), { urls: [], probe: {} });
  });
});
