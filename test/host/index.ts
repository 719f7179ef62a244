/**
 * Runs inside VS Code's extension host (`npm run host`): every test file bundled beside this module. What mocha prints
 * goes to `output.txt` of the folder that the runner watches; `result.json` is written last.
 */
import { appendFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { format } from "node:util";
import Mocha from "mocha";

export async function run(): Promise<void> {
  const folder = process.env.REQUEST_TIMELINE_HOST_RUN;
  if (!folder) throw new Error("started by `npm run host` only");
  Mocha.reporters.Base.consoleLog = (...values: unknown[]) =>
    appendFileSync(join(folder, "output.txt"), `${format(...values)}\n`);
  let stats = { passes: 0, failures: 1, pending: 0 };
  try {
    const { passes, failures, pending } = await runMocha();
    stats = { passes, failures, pending };
  } catch (error) {
    Mocha.reporters.Base.consoleLog(error);
  }
  writeFileSync(join(folder, "result.json"), JSON.stringify(stats));
}

function runMocha(): Promise<Mocha.Stats> {
  const mocha = new Mocha({
    timeout: 60_000,
    reporter: "spec",
    color: false,
    forbidOnly: Boolean(process.env.CI),
    grep: process.env.REQUEST_TIMELINE_HOST_GREP,
  });
  for (const file of readdirSync(__dirname).sort()) if (file.endsWith(".test.js")) mocha.addFile(join(__dirname, file));
  return new Promise((done) => {
    const runner = mocha.run(() => done(runner.stats!));
  });
}
