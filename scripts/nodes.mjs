// The Node versions that the preload hook must work on, as npm packages that carry the binaries, in an ignored folder:
// `npm test` and `node scripts/nodes.mjs` see to it. Tests that need one that is not there say so and skip.
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { npm, root } from "./lib/run.mjs";

export const NODE_VERSIONS = [20, 22, 24, 26];

const name = `node-${process.platform === "win32" ? "win" : process.platform}-${process.arch}`;
const folder = (/** @type {number} */ version) => join(root, ".vscode-test", "nodes", String(version));

/** The binary of a version, whether it is there or not. @param {number} version */
const nodeBinary = (version) => {
  const bin = join(folder(version), "node_modules", name, "bin");
  return process.platform === "win32" ? join(bin, "node.exe") : join(bin, "node");
};

/** Installs what is missing; says so, and goes on, where a version is not to be had. */
export function ensureNodes() {
  for (const version of NODE_VERSIONS.filter((version) => !existsSync(nodeBinary(version)))) {
    try {
      install(version);
      console.log(`Node ${version}: installed`);
    } catch (error) {
      console.log(
        `Node ${version}: not installed, so some tests will skip. ${error instanceof Error ? error.message : error}`,
      );
    }
  }
}

/** @param {number} version */
function install(version) {
  mkdirSync(folder(version), { recursive: true });
  writeFileSync(join(folder(version), "package.json"), '{ "private": true }\n');
  npm(`Node ${version}`, ["install", `${name}@${version}`], folder(version));
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) ensureNodes();
