// User-interface tests: mocha here, a real VS Code in a headless browser there.
// `npm run ui -- --grep PATTERN` runs some of them; `--no-build` takes dist/ as it is.
import { join } from "node:path";
import { windowLock, withLock } from "./lib/lock.mjs";
import { root, run } from "./lib/run.mjs";
import { setup } from "./setup.mjs";

const args = process.argv.slice(2).filter((argument) => argument !== "--no-build");
try {
  await setup();
  if (args.length === process.argv.length - 2 && (await run(process.execPath, ["scripts/build.mjs"])) !== 0)
    throw new Error("the build failed");
  const mocha = [
    join(root, "node_modules/mocha/bin/mocha.js"),
    "--no-config",
    ...["--require", "tsx/cjs", "--reporter", "scripts/reporter.cjs", "--timeout", "360000", "--slow", "20000"],
    ...(process.env.CI ? ["--forbid-only"] : []),
    "--fail-zero",
    "--exit",
    ...args,
    "test/ui/**/*.test.ts",
  ];
  process.exitCode = await withLock(windowLock, () => run(process.execPath, mocha));
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
