import assert from "node:assert/strict";
import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import * as vscode from "vscode";
import { askRequests } from "../../src/extension/probe-questions";
import { nextTimeOfDay } from "../../src/model/schedule";
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

  it("says when a schedule ends that today's clock has passed, and refuses what is no time", async () => {
    let about: vscode.InputBoxOptions["validateInput"];
    answering("by a schedule");
    const line = (options: vscode.InputBoxOptions) => {
      if (options.title?.endsWith("until when")) about = options.validateInput;
      return Promise.resolve(options.value);
    };
    Object.assign(vscode.window, { showInputBox: line });
    await askRequests(vscode.workspace.workspaceFolders![0]!, undefined);
    const said = async (value: string) => {
      const answer = await about!(value);
      return typeof answer === "string" ? answer : (answer?.message ?? "");
    };
    const clock = (time: number) => new Date(time).toTimeString().slice(0, 5);
    // Half an hour after midnight and before, the last of these is still today's.
    const day = new Date(Date.now() + 47 * 30 * 60_000).getDate() === new Date().getDate() ? "today" : "tomorrow";
    assert.match(
      await said(clock(Date.now() - 60_000)),
      new RegExp(`^48 passes, the last at \\d\\d:\\d\\d ${day}\\.$`),
    );
    assert.equal(await said(clock(Date.now() + 120_000)), "One pass, now.");
    assert.equal(await said("25:00"), "A time of the day, such as 18:00.");
  });

  it("makes of each answer what the probe is told", async () => {
    const urls = ["/"];
    assert.deepEqual(await asked(") Pages"), { urls, probe: { page: true } });
    assert.deepEqual(await asked("in a browser"), { urls, probe: { browser: true } });
    assert.deepEqual(await asked("A load"), { urls, probe: { rate: 50, duration: "10s" } });
    const before = Date.now();
    const scheduled = await asked("by a schedule");
    const { until = "" } = scheduled!.probe;
    assert.deepEqual(scheduled, { urls, probe: { page: true, every: "30m", until } });
    assert.match(until, /^\d\d:00$/, "a full hour is proposed");
    const ahead = nextTimeOfDay(until, before) - before;
    assert.ok(ahead >= 30 * 60_000 && ahead <= 91 * 60_000, `${ahead} ms ahead`);
    assert.deepEqual(await asked("A request file"), { urls: [file], probe: {} });
    assert.deepEqual(await asked("until Stop"), { urls: [], probe: {} });
  });
});
