/**
 * What the preload hook's own code costs a request, apart from sockets and the kernel: node:http on streams in memory,
 * bare, under the hook, and under OpenTelemetry's http instrumentation, each in processes of its own.
 * `npx tsx bench/hook.ts [--rounds N] [--against FILE]`, after `npm run build` and `npm ci --prefix bench`. Judged are
 * the fastest tenth of many windows of 100 requests, which other work on the machine has not touched: it is as steady on
 * a busy machine as bench/overhead is on a quiet one. `--against` takes another build's hook.js into the same run.
 */
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { hookEnvironment } from "../src/session/launch";

const { values } = parseArgs({ options: { rounds: { type: "string", default: "5" }, against: { type: "string" } } });
const folder = mkdtempSync(join(tmpdir(), "request-timeline-bench-"));

interface Variant {
  name: string;
  env: NodeJS.ProcessEnv;
  preload: string[];
  /** µs a request, of each round. */
  micros: number[];
}

const variant = (name: string, env: NodeJS.ProcessEnv = process.env, preload: string[] = []): Variant => ({
  name,
  env,
  preload,
  micros: [],
});

function hooked(name: string, file: string, more: NodeJS.ProcessEnv = {}): Variant {
  const options = { hook: resolve(file), log: join(folder, `${name}.ndjson`), recording: name.replaceAll(/\W/g, "-") };
  return variant(name, { ...hookEnvironment(options, process.env), ...more });
}

const NO_CHILDREN = { REQUEST_TIMELINE_CHILDREN: "off" };
const all = [
  variant("bare"),
  variant("bare again (A/A)"),
  hooked("hook, child spans off", "dist/hook.js", NO_CHILDREN),
  hooked("hook", "dist/hook.js"),
  ...(values.against ? [hooked("the other hook, child spans off", values.against, NO_CHILDREN)] : []),
  variant("OpenTelemetry http", process.env, ["--require", resolve("bench/overhead/otel.cjs")]),
];

function measure({ env, preload }: Variant): number {
  const run = spawnSync(process.execPath, [...preload, resolve("bench/overhead/in-memory.cjs")], {
    env,
    encoding: "utf8",
  });
  if (run.status !== 0) throw new Error(run.stderr);
  return Number(run.stdout);
}

const sorted = (numbers: readonly number[]): number[] => [...numbers].sort((a, b) => a - b);
const median = (numbers: readonly number[]): number => sorted(numbers)[Math.floor(numbers.length / 2)]!;

try {
  for (let round = 0; round < Number(values.rounds); round++)
    for (const one of round % 2 ? all.toReversed() : all) one.micros.push(measure(one));
  const bare = median(all[0]!.micros);
  process.stdout.write(`Node ${process.version}, ${values.rounds} processes a variant, alternating\n\n`);
  process.stdout.write("| | µs a request | added µs (least to most) |\n|---|---|---|\n");
  for (const { name, micros } of all) {
    const [least, most] = [sorted(micros)[0]!, sorted(micros).at(-1)!].map((one) => (one - bare).toFixed(1));
    process.stdout.write(
      `| ${name} | ${median(micros).toFixed(1)} | ${(median(micros) - bare).toFixed(1)} (${least} to ${most}) |\n`,
    );
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
