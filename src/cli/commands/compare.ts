/** `request-timeline compare` (DESIGN 5.1): what changed between two sides, by route and phase, with significance. */
import { readFileSync } from "node:fs";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { Command } from "commander";
import { comparedRun } from "../../engine/compared-run";
import { openSession } from "../../engine/node/open";
import { printable } from "../../engine/report-columns";
import { summariseRoutes } from "../../engine/route-summary";
import { formatMicros } from "../../engine/units";
import { type Budget, overruns, readBudgets } from "../../model/compare/budgets";
import { type Comparison, compare, type Run } from "../../model/compare/compare";
import type { RouteSummary } from "../../model/report";
import { comparisonMarkdown, comparisonTable } from "../comparison-text";

const SCHEMA = "request-timeline/comparison@1";

interface CompareOptions {
  with?: string[];
  json?: true;
  markdown?: true;
  failOnRegression?: true;
  budgets?: string;
}

export function addCompare(program: Command): void {
  program
    .command("compare")
    .description("What changed from one session to another, by route and phase, and whether it is more than chance.")
    .argument("<sessions...>", "the session before and the one after; or, with --with, all sessions before")
    .option("--with <sessions...>", "the sessions after, where a side has several")
    .option("--json", "everything, as JSON")
    .option("--markdown", "a summary for a pull request")
    .option("--fail-on-regression", "exit status 1 where something became slower, or is certainly over its budget")
    .option("--budgets <file>", 'JSON, in ms: {"GET /users/:id": {"serverResponse": {"p95": 250}}}')
    .action(run);
}

async function run(sessions: string[], options: CompareOptions, command: Command): Promise<void> {
  const [base, other] = options.with ? [sessions, options.with] : [sessions.slice(0, 1), sessions.slice(1)];
  if (!options.with && sessions.length !== 2) command.error("error: name two sessions, or those after with --with");
  const budgets = options.budgets === undefined ? [] : budgetsOf(options.budgets, command);
  const before: Run[] = [];
  for (const path of base) before.push(comparedRun((await openSession([path])).store));
  const after: Run[] = [];
  const over: string[] = [];
  for (const path of other) {
    const { store } = await openSession([path]);
    after.push(comparedRun(store));
    if (budgets.length) over.push(...overrunsOf(budgets, summariseRoutes(store)));
  }
  const comparison = compare(before, after);
  await pipeline(Readable.from(output(comparison, options)), process.stdout, { end: false });
  for (const line of over) process.stderr.write(`${line}\n`);
  const slower = comparison.routes.some(({ durations }) => durations.some(({ word }) => word === "slower"));
  if (options.failOnRegression && (slower || over.some((line) => line.startsWith("over")))) process.exitCode = 1;
}

function* output(comparison: Comparison, options: CompareOptions): Generator<string> {
  if (options.json) yield `${JSON.stringify({ schema: SCHEMA, ...comparison }, null, 1)}\n`;
  else if (options.markdown) yield* comparisonMarkdown(comparison);
  else yield* comparisonTable(comparison);
}

function budgetsOf(file: string, command: Command): Budget[] {
  let value: unknown;
  try {
    value = JSON.parse(readFileSync(file, "utf8"));
  } catch (error) {
    command.error(`error: ${file}: ${(error as Error).message}`);
  }
  const budgets = readBudgets(value);
  return typeof budgets === "string" ? command.error(`error: ${file}: ${budgets}`) : budgets;
}

/** One line each; one that begins with "over" is certain. */
function overrunsOf(budgets: readonly Budget[], routes: readonly RouteSummary[]): string[] {
  return overruns(budgets, routes).map(({ budget, route, measured, certain }) => {
    const what = `${printable(route)}: ${budget.duration} ${budget.statistic}`;
    return `${certain ? "over" : "perhaps over"} its budget: ${what} ${formatMicros(measured)} for ${formatMicros(budget.most)}`;
  });
}
