/** The Node versions that the hook must work on, as scripts/nodes.mjs installs them. */
import { existsSync } from "node:fs";
import { resolve } from "node:path";

export const NODE_VERSIONS = [20, 22, 24, 26];

const platform = process.platform === "win32" ? "win" : process.platform;

/** The binary of a version; skips the test, loudly, where it is not there. */
export function nodeOrSkip(test: Mocha.Context, version: number): string {
  const file = resolve(
    __dirname,
    `../../../.vscode-test/nodes/${version}/node_modules/node-${platform}-${process.arch}/bin/node`,
  );
  if (!existsSync(file)) {
    process.stderr.write(`      Node ${version} is not there: node scripts/nodes.mjs installs it\n`);
    test.skip();
  }
  return file;
}
