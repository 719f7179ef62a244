/**
 * Runs a file of bench/ in a thread of its own, bundled as what ships: run from the sources by tsx, each name that a file
 * has of another is a call of a function.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Worker } from "node:worker_threads";

/** With the arguments of this process; its exit status becomes that of this process. */
export async function inThread(file: string): Promise<void> {
  const { build } = await import("esbuild");
  const folder = mkdtempSync(join(tmpdir(), "bench-thread-"));
  try {
    const outfile = join(folder, "bundle.js");
    await build({
      ...({
        bundle: true,
        minify: true,
        platform: "node",
        format: "cjs",
        target: "node20",
        logLevel: "error",
      } as const),
      ...{ entryPoints: [file], outfile, external: ["esbuild"] },
    });
    const worker = new Worker(outfile, { argv: process.argv.slice(2) });
    process.exitCode = await new Promise<number>((exited, failed) => worker.on("exit", exited).on("error", failed));
  } finally {
    rmSync(folder, { recursive: true });
  }
}
