// Pictures of the campus timeline in four themes at two sizes, to out/screenshots: to be looked at.
import { join } from "node:path";
import { root, run } from "./lib/run.mjs";
import { setup } from "./setup.mjs";

try {
  await setup();
  if ((await run(process.execPath, ["scripts/build.mjs"])) !== 0) throw new Error("the build failed");
  process.exitCode = await run(process.execPath, [
    join(root, "node_modules/tsx/dist/cli.mjs"),
    "test/ui/screenshots.ts",
  ]);
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
