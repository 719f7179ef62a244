// Everything that must hold, in one run: `npm test`, straight after a clone. `--soak` lengthens the fuzz and kill loops.
// Each step says how long it took; the last line is the sum over all mocha runs.
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { root, run } from "./lib/run.mjs";
import { ensureNodes } from "./nodes.mjs";
import { setup } from "./setup.mjs";

const node = process.execPath;

/** A command of an installed package, by its file: npx would start npm each time. @param {string} path */
const bin = (path) => join(root, "node_modules", path);

/** Biome colours each letter also where nobody sees it. */
const plain = process.stdout.isTTY ? [] : ["--colors=off"];

// --exit: what a failed test left running must not keep the run from ending.
const mocha = [bin("mocha/bin/mocha.js"), "--exit", "--reporter", "scripts/reporter.cjs", "test/unit/**/*.test.ts"];

/** @type {[name: string, args: string[]][]} */
const STEPS = [
  ["format and lint", [bin("@biomejs/biome/bin/biome"), "ci", "--error-on-warnings", ...plain, "."]],
  ["import arrows", ["scripts/check-imports.mjs"]],
  ["types", [bin("typescript/bin/tsc"), "-b"]],
  ["build", ["scripts/build.mjs"]],
  ["unit tests", mocha],
  ["host tests", ["scripts/host-tests.mjs", "--no-build"]],
  ["user interface tests", ["scripts/ui-tests.mjs", "--no-build"]],
  ["demonstration", ["scripts/demo.mjs", "--check"]],
  ["package", ["scripts/package.mjs"]],
];

const seconds = (/** @type {number} */ since) => `${((Date.now() - since) / 1000).toFixed(1)} s`;

/** Adds up what the mocha runs left. @param {string} file */
function totals(file) {
  /** @type {{ passes: number, failures: number, pending: number, failed: string[] }} */
  const sum = { passes: 0, failures: 0, pending: 0, failed: [] };
  for (const line of readFileSync(file, { encoding: "utf8", flag: "a+" }).split("\n").filter(Boolean)) {
    const { passes, failures, pending, failed } = JSON.parse(line);
    sum.passes += passes;
    sum.failures += failures;
    sum.pending += pending;
    sum.failed.push(...failed);
  }
  return sum;
}

const began = Date.now();
const folder = mkdtempSync(join(tmpdir(), "request-timeline-test-"));
const file = join(folder, "totals.ndjson");
const env = {
  ...process.env,
  REQUEST_TIMELINE_TOTALS: file,
  ...(process.argv.includes("--soak") && { SOAK: "1" }),
};
/** @type {string[]} */
const broken = [];
try {
  await setup({ optional: Boolean(process.env.CI) });
  ensureNodes();
  console.log(`setup: ${seconds(began)}`);
  for (const [name, args] of STEPS) {
    console.log(`\n── ${name}`);
    const from = Date.now();
    const status = await run(node, args, { env });
    if (status !== 0) broken.push(name);
    console.log(`${name}: ${status === 0 ? "ok" : "FAILED"}, ${seconds(from)}`);
  }
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  broken.push("setup");
}
const { passes, failures, pending, failed } = totals(file);
rmSync(folder, { recursive: true, force: true });
// Once more at the end: of a long run often only the end is kept.
for (const test of failed) console.log(`\nfailed: ${test.slice(0, 400)}`);
console.log(`\n${broken.length ? `FAILED: ${broken.join(", ")}; ` : ""}whole run: ${seconds(began)}`);
console.log(`${passes} passed, ${failures} failed${pending ? `, ${pending} skipped` : ""}`);
if (broken.length || passes === 0) process.exitCode = 1;
