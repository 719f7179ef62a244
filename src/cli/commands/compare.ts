/** `request-timeline compare` (DESIGN 5.1): what changed between two sides, by route and phase, with significance. */
import { readFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import type { Command } from "commander";
import { comparedRun } from "../../engine/compared-run";
import { comparisonMarkdown, comparisonTable } from "../../engine/comparison-text";
import { openSession } from "../../engine/node/open";
import { statisticsBy } from "../../engine/statistics";
import { formatMicros } from "../../engine/units";
import { type Budget, overruns, readBudgets } from "../../model/compare/budgets";
import { type Comparison, compare, hasSlowed } from "../../model/compare/compare";
import type { Run } from "../../model/compare/run";
import { printable } from "../../model/printable";
import type { GroupStatistics } from "../../model/report";
import { describeSides, readBaseline, sidesWith, writeBaseline } from "../../session/baseline";
import { budgetsIn } from "../budgets-file";
import { toStdout } from "../to-stdout";

const SCHEMA = "request-timeline/comparison@1";

interface CompareOptions {
  with?: string[];
  json?: true;
  markdown?: true;
  failOnRegression?: true;
  budgets?: string;
  setBaseline?: true;
}

export function addCompare(program: Command): void {
  program
    .command("compare")
    .description("What changed from one session to another, by route and phase, and whether it is more than chance.")
    .argument(
      "<sessions...>",
      "the session before and the one after; with --with, all sessions before; one alone: the one after, compared with the baseline of its folder",
    )
    .option("--with <sessions...>", "the sessions after, where a side has several")
    .option("--set-baseline", "make the session the baseline of those beside it, and compare nothing")
    .option("--json", "everything, as JSON")
    .option("--markdown", "a summary for a pull request")
    .option("--fail-on-regression", "exit status 1 where something became slower, or is certainly over its budget")
    .option(
      "--budgets <file>",
      'JSON, in ms: {"GET /users/:id": {"serverResponse": {"p95": 250}}}; or a settings.json with requestTimeline.budgets',
    )
    .action(run);
}

async function run(sessions: string[], options: CompareOptions, command: Command): Promise<void> {
  if (options.setBaseline) return setBaseline(sessions, command);
  const budgets = options.budgets === undefined ? [] : budgetsOf(options.budgets, command);
  const [base, other] = await sidesOf(sessions, options.with, command);
  const before: Run[] = [];
  for (const path of base) before.push(comparedRun((await openSession([path])).store));
  const after: Run[] = [];
  const over: string[] = [];
  for (const path of other) {
    const { store } = await openSession([path]);
    after.push(comparedRun(store));
    if (budgets.length) over.push(...overrunsOf(budgets, statisticsBy(store, "route")));
  }
  const comparison = compare(before, after);
  const sides = await describeSides(base, other);
  await toStdout(output(comparison, sides, options));
  for (const line of over) process.stderr.write(`${line}\n`);
  const slower = comparison.routes.some(hasSlowed);
  if (options.failOnRegression && (slower || over.some((line) => line.startsWith("over")))) process.exitCode = 1;
}

async function sidesOf(
  sessions: readonly string[],
  others: readonly string[] | undefined,
  command: Command,
): Promise<[base: readonly string[], other: readonly string[]]> {
  if (others) return [sessions, others];
  if (sessions.length === 2) return [sessions.slice(0, 1), sessions.slice(1)];
  if (sessions.length !== 1) return command.error("error: name two sessions, or those after with --with");
  const after = resolve(sessions[0]!);
  const baseline = await readBaseline(dirname(after)).catch((error: Error) => command.error(`error: ${error.message}`));
  if (baseline === null)
    return command.error("error: name two sessions, or make one the baseline of its folder with --set-baseline");
  if (baseline === after) return command.error("error: this session is the baseline itself");
  return sidesWith(baseline, after);
}

async function setBaseline(sessions: readonly string[], command: Command): Promise<void> {
  if (sessions.length !== 1) return command.error("error: --set-baseline takes one session");
  await writeBaseline(sessions[0]!).catch((error: Error) => command.error(`error: ${error.message}`));
  process.stdout.write(`${resolve(sessions[0]!)} is the baseline of the sessions beside it\n`);
}

function* output(comparison: Comparison, sides: string, options: CompareOptions): Generator<string> {
  if (options.json) yield `${JSON.stringify({ schema: SCHEMA, sides, ...comparison }, null, 1)}\n`;
  else if (options.markdown) yield* comparisonMarkdown(comparison, sides);
  else yield* comparisonTable(comparison, sides);
}

function budgetsOf(file: string, command: Command): Budget[] {
  let budgets: Budget[] | string;
  try {
    budgets = readBudgets(budgetsIn(readFileSync(file, "utf8")));
  } catch (error) {
    return command.error(`error: ${file}: ${(error as Error).message}`);
  }
  return typeof budgets === "string" ? command.error(`error: ${file}: ${budgets}`) : budgets;
}

/** One line each; one that begins with "over" is certain. */
function overrunsOf(budgets: readonly Budget[], routes: readonly GroupStatistics[]): string[] {
  return overruns(budgets, routes).map(({ budget, route, measured, certain }) => {
    const what = `${printable(route)}: ${budget.duration} ${budget.statistic}`;
    return `${certain ? "over" : "perhaps over"} its budget: ${what} ${formatMicros(measured)} for ${formatMicros(budget.most)}`;
  });
}
