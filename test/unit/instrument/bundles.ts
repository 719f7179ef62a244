/** The bundles under test, built anew and apart from dist/: the preload hook, and a command line of `run` alone. */
import { join, resolve } from "node:path";
import { build } from "esbuild";

const root = resolve(__dirname, "../../..");
const outdir = join(root, "out", "test-hook");
export const HOOK = join(outdir, "hook.js");
export const CLI = join(outdir, "cli.js");

let built: Promise<unknown> | undefined;

/** For a suite's `before`. */
export function buildBundles(): Promise<unknown> {
  // Minified as in dist/.
  const common = {
    platform: "node",
    format: "cjs",
    target: "node20",
    bundle: true,
    minify: true,
    logLevel: "warning",
  } as const;
  const contents = `import { Command } from "commander";
    import { addRun } from "./src/cli/commands/run";
    const program = new Command("request-timeline");
    addRun(program);
    program.parseAsync();`;
  built ??= Promise.all([
    build({ ...common, entryPoints: [join(root, "src/instrument/hook.ts")], outfile: HOOK }),
    build({ ...common, stdin: { contents, resolveDir: root, loader: "ts" }, outfile: CLI }),
  ]);
  return built;
}
