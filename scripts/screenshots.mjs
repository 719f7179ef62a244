// Pictures of the examples' timelines in four themes, to out/screenshots: to be looked at. `-- panel`, `-- charts`,
// `-- clocks` or `-- express` makes a part of them alone.
import { join } from "node:path";
import { windowLock, withLock } from "./lib/lock.mjs";
import { root, run } from "./lib/run.mjs";
import { setup } from "./setup.mjs";

try {
  await setup();
  if ((await run(process.execPath, ["scripts/build.mjs"])) !== 0) throw new Error("the build failed");
  const pictures = [join(root, "node_modules/tsx/dist/cli.mjs"), "test/ui/screenshots.ts", ...process.argv.slice(2)];
  process.exitCode = await withLock(windowLock, () => run(process.execPath, pictures));
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
