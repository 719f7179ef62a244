// User-interface tests: mocha here, a real VS Code in a headless browser there.
// `npm run ui -- --grep PATTERN` runs some of them; `--no-build` takes dist/ as it is.
import { join } from "node:path";
import { root, run } from "./lib/run.mjs";
import { setup } from "./setup.mjs";

const args = process.argv.slice(2).filter((argument) => argument !== "--no-build");
try {
  await setup();
  if (args.length === process.argv.length - 2 && (await run(process.execPath, ["scripts/build.mjs"])) !== 0)
    throw new Error("the build failed");
  process.exitCode = await run(process.execPath, [
    join(root, "node_modules/mocha/bin/mocha.js"),
    "--no-config",
    ...["--require", "tsx/cjs", "--reporter", "scripts/reporter.cjs", "--timeout", "120000", "--slow", "20000"],
    ...(process.env.CI ? ["--forbid-only"] : []),
    "--fail-zero",
    "--exit",
    ...args,
    "test/ui/**/*.test.ts",
  ]);
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
