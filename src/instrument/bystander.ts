/** Node processes that a server's command starts and that are none of our business. */
import { basename } from "node:path";

/** Package managers, test runners and compilers: programs that a command line starts around the server. */
const TOOLS = new Set(
  "npm npx pnpm pnpx yarn corepack mocha _mocha jest vitest ava tap c8 nyc tsc eslint biome prettier".split(" "),
);

/** Whether the process is one of these tools, by its script's name; `node --test` is one too. */
export function isTool(argv: readonly string[], execArgv: readonly string[]): boolean {
  if (execArgv.includes("--test")) return true;
  const script = basename(argv[1] ?? "").replace(/\.[cm]?js$/, "");
  return TOOLS.has(script.replace(/-cli$/, ""));
}
