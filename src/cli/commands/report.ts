/** `request-timeline report` (DESIGN 5.1): pairs, aligns and summarises sessions and logs. */
import { type Command, InvalidArgumentError, Option } from "commander";
import { reportParts } from "../../engine/node/export";
import { openSession } from "../../engine/node/open";
import { writeParts } from "../../engine/node/write-file";
import { REPORT_GROUPINGS, type ReportChoices } from "../../engine/report-choices";
import type { RowGrouping } from "../../engine/row-groups";
import { PEAK_RULES, type PeakRule } from "../../model/statistics/peaks";
import { Progress } from "../progress";
import { addReadingOptions, type ReadingOptions, readingOf } from "../reading-options";
import { toStdout } from "../to-stdout";

interface ReportOptions extends ReadingOptions {
  json?: true;
  markdown?: true;
  csv?: string;
  html?: string;
  peaks?: PeakRule;
  workload?: true;
  domain?: string;
  warmUp?: true;
  by: RowGrouping[];
}

export function addReport(program: Command): void {
  const command = program
    .command("report")
    .description("Pair, align and summarise session folders and log files of any supported format.")
    .argument("<paths...>", "session folders and log files; all are paired with each other");
  addReadingOptions(command)
    .addOption(only("--json", "everything, as JSON (docs/measuring.md)"))
    .addOption(only("--markdown", "tables for an issue or a pull request"))
    .addOption(only("--html <file>", "one file to pass on, with the timeline in it; - is stdout"))
    .addOption(only("--csv <file>", "the requests as a table, to a file; - is stdout"))
    .addOption(byOption())
    .addOption(peaksOption())
    .option("--warm-up", "warm-up requests count in the statistics as well")
    .option("--workload", "what was asked for, beside the six sites of Arlitt's study; of access logs above all")
    .option("--domain <domain>", "whose hosts are local ones, or how local addresses begin (10.0.), in the workload")
    .action(report);
}

async function report(paths: string[], options: ReportOptions): Promise<void> {
  const progress = new Progress();
  const session = await openSession(paths, {
    ...readingOf(options),
    progress: (done, total) => progress.show(`reading: ${Math.floor((done / total) * 100)} %`),
  });
  progress.clear();
  const format = FORMATS.find((format) => options[format] !== undefined) ?? "table";
  const file = options.html ?? options.csv ?? "-";
  const parts = reportParts(session, format, choicesOf(options));
  if (file !== "-") await writeParts(file, parts);
  else await toStdout(parts);
}

function choicesOf({ workload, domain, zone, ...choices }: ReportOptions): ReportChoices {
  if (!workload && domain === undefined) return choices;
  return { ...choices, workload: { ...(domain !== undefined && { domain }), ...(zone !== undefined && { zone }) } };
}

/** A report has one format. */
const FORMATS = ["json", "markdown", "html", "csv"] as const;
const only = (flags: string, meaning: string): Option => {
  const option = new Option(flags, meaning);
  return option.conflicts(FORMATS.filter((format) => format !== option.name()));
};

function byOption(): Option {
  const option = new Option("--by <what>", "statistics by this, too (repeatable)");
  return option
    .choices(REPORT_GROUPINGS)
    .argParser((what: string, before: RowGrouping[]) => {
      const known = REPORT_GROUPINGS.find((grouping) => grouping === what);
      if (!known) throw new InvalidArgumentError(`Allowed choices are ${REPORT_GROUPINGS.join(", ")}.`);
      return [...before, known];
    })
    .default([]);
}

function peaksOption(): Option {
  const rules = Object.entries(PEAK_RULES).map(([rule, meaning]) => `${rule}: ${meaning}`);
  return new Option("--peaks <rule>", `what counts in the statistics; ${rules.join("; ")}`).choices(
    Object.keys(PEAK_RULES),
  );
}
