/** The `request-timeline` command: one file a command in ./commands, each adds itself to the program. */
import { Command, CommanderError } from "commander";
import { version } from "../../package.json";
import { addCompare } from "./commands/compare";
import { addConvert } from "./commands/convert";
import { addPredict } from "./commands/predict";
import { addProbe } from "./commands/probe";
import { addReceive } from "./commands/receive";
import { addRecord } from "./commands/record";
import { addReport } from "./commands/report";
import { addRun } from "./commands/run";
import { addServe } from "./commands/serve";

/** Exit status of wrong use (DESIGN 5.1). */
const WRONG_USE = 2;

const program = new Command("request-timeline")
  .description("Where a request's time goes, and which line of code is responsible.")
  .version(version)
  .configureHelp({ showGlobalOptions: true })
  .showHelpAfterError("(--help tells what there is)")
  .exitOverride();

addServe(program);
addRun(program);
addProbe(program);
addRecord(program);
addReceive(program);
addReport(program);
addCompare(program);
addConvert(program);
addPredict(program);

// `… | head` is no failure, and no reason to break a measurement off: what a run leaves is its log.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code !== "EPIPE") throw error;
});

program.parseAsync().catch((error: unknown) => {
  if (error instanceof CommanderError) process.exitCode = error.exitCode === 0 ? 0 : WRONG_USE;
  else {
    process.stderr.write(`request-timeline: ${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 1;
  }
});
