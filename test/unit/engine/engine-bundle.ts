/** The engine's worker, the command line and the hook as they ship, built anew and apart from dist/. */
import { join, resolve } from "node:path";
import { type BuildOptions, build } from "esbuild";

const root = resolve(__dirname, "../../..");
const outdir = join(root, "out", "test-engine");
export const ENGINE = join(outdir, "engine.js");
export const CLI = join(outdir, "cli.js");
export const CAMPUS = join(root, "examples", "campus");

const common = {
  platform: "node",
  format: "cjs",
  target: "node20",
  bundle: true,
  logLevel: "warning",
} as const satisfies BuildOptions;

const bundle = (entry: string, outfile: string): Promise<unknown> =>
  build({ ...common, entryPoints: [join(root, "src", entry)], outfile });

let engine: Promise<unknown> | undefined;
let all: Promise<unknown> | undefined;

/** For a suite's `before`. */
export function buildEngine(): Promise<unknown> {
  engine ??= bundle("engine/node/worker.ts", ENGINE);
  return engine;
}

/** For a suite's `before`: the command line with its hook beside it. */
export function buildCommand(): Promise<unknown> {
  all ??= Promise.all([bundle("cli/main.ts", CLI), bundle("instrument/hook.ts", join(outdir, "hook.js"))]);
  return all;
}
