/** `request-timeline report` (DESIGN 5.1): pairs, aligns and summarises sessions and logs. */
import { createWriteStream } from "node:fs";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { type Command, Option } from "commander";
import { reportParts } from "../../engine/node/export";
import { openSession } from "../../engine/node/open";
import { PEAK_RULES, type PeakRule } from "../../model/statistics/peaks";
import { Progress } from "../progress";
import { parseZone } from "../zone";

interface ReportOptions {
  zone?: number;
  json?: true;
  markdown?: true;
  csv?: string;
  html?: string;
  peaks?: PeakRule;
}

export function addReport(program: Command): void {
  program
    .command("report")
    .description("Pair, align and summarise session folders and log files of any supported format.")
    .argument("<paths...>", "session folders and log files; all are paired with each other")
    .option("--zone <±HH:MM>", "time zone of logs that name none", parseZone)
    .option("--json", "everything, as JSON (docs/measuring.md)")
    .option("--markdown", "tables for an issue or a pull request")
    .addOption(peaksOption())
    .option("--csv <file>", "the requests as a table, to a file; - is stdout")
    .option("--html <file>", "one file to pass on")
    .action(report);
}

async function report(paths: string[], options: ReportOptions): Promise<void> {
  if (options.html !== undefined) {
    process.stderr.write("request-timeline report --html: not available yet\n");
    process.exitCode = 2;
    return;
  }
  const progress = new Progress();
  const session = await openSession(paths, {
    ...(options.zone === undefined ? {} : { zone: options.zone }),
    progress: (done, total) => progress.show(`reading: ${Math.floor((done / total) * 100)} %`),
  });
  progress.clear();
  const format = options.json ? "json" : options.markdown ? "markdown" : options.csv === undefined ? "table" : "csv";
  const toFile = options.csv !== undefined && options.csv !== "-" && format === "csv";
  const parts = Readable.from(reportParts(session, format, options.peaks));
  if (toFile) await pipeline(parts, createWriteStream(options.csv!, { mode: 0o600 }));
  else await pipeline(parts, process.stdout, { end: false }).catch(unlessReaderLeft);
}

function peaksOption(): Option {
  const rules = Object.entries(PEAK_RULES).map(([rule, meaning]) => `${rule}: ${meaning}`);
  return new Option("--peaks <rule>", `what counts in the statistics; ${rules.join("; ")}`).choices(
    Object.keys(PEAK_RULES),
  );
}

/** `report … | head` is no failure. */
function unlessReaderLeft(error: NodeJS.ErrnoException): void {
  if (error.code !== "EPIPE") throw error;
}
