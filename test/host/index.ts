/**
 * Runs the host tests inside the extension host (`npm run host`). What they print goes to output.txt, the totals to
 * result.json, both in the run's folder. Then the window is reloaded once, and this module runs again: the second time
 * with the tests of what must survive a reload.
 */
import { appendFileSync, existsSync, readdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { format } from "node:util";
import Mocha from "mocha";
import * as vscode from "vscode";
import { breakOffSchedule, leaveTimelineOpen } from "./support";

const folder = process.env.REQUEST_TIMELINE_HOST_RUN!;
const firstTotals = join(folder, "before-reload.json");
const AFTER_RELOAD = /^after-reload\.test\.js$/;

interface Totals {
  passes: number;
  failures: number;
  pending: number;
  /** Title and message of each test that failed. */
  failed: string[];
}

export async function run(): Promise<void> {
  if (!existsSync(firstTotals)) {
    const totals = await tests((file) => !AFTER_RELOAD.test(file));
    await breakOffSchedule().catch(print);
    await leaveTimelineOpen().catch(print);
    writeFileSync(firstTotals, JSON.stringify(totals));
    await vscode.commands.executeCommand("workbench.action.reloadWindow");
    return new Promise(() => undefined);
  }
  const before: Totals = JSON.parse(readFileSync(firstTotals, "utf8"));
  const after = await tests((file) => AFTER_RELOAD.test(file));
  const totals: Totals = {
    passes: before.passes + after.passes,
    failures: before.failures + after.failures,
    pending: before.pending + after.pending,
    failed: [...before.failed, ...after.failed],
  };
  writeFileSync(join(folder, "result.part"), JSON.stringify(totals));
  renameSync(join(folder, "result.part"), join(folder, "result.json"));
}

function print(...values: unknown[]): void {
  appendFileSync(join(folder, "output.txt"), `${format(...values)}\n`);
}

async function tests(wanted: (file: string) => boolean): Promise<Totals> {
  Mocha.reporters.Base.consoleLog = print;
  const grep = process.env.REQUEST_TIMELINE_HOST_GREP;
  const mocha = new Mocha({ ui: "bdd", timeout: 240_000, color: false, forbidOnly: true, ...(grep && { grep }) });
  for (const file of readdirSync(__dirname)
    .filter((name) => name.endsWith(".test.js") && wanted(name))
    .sort())
    mocha.addFile(join(__dirname, file));
  return new Promise((resolve) => {
    const failed: string[] = [];
    const runner = mocha.run(() => {
      const { passes, failures, pending } = runner.stats!;
      resolve({ passes, failures, pending, failed });
    });
    runner.on("fail", (test, error) => failed.push(`${test.fullTitle()}: ${error?.message ?? error}`));
  });
}
