/** The engine's worker as it ships, built anew and apart from dist/. */
import { join, resolve } from "node:path";
import { build } from "esbuild";

const root = resolve(__dirname, "../../..");
export const ENGINE = join(root, "out", "test-engine", "engine.js");

let built: Promise<unknown> | undefined;

/** For a suite's `before`. */
export function buildEngine(): Promise<unknown> {
  built ??= build({
    platform: "node",
    format: "cjs",
    target: "node20",
    bundle: true,
    logLevel: "warning",
    entryPoints: [join(root, "src/engine/node/worker.ts")],
    outfile: ENGINE,
  });
  return built;
}
