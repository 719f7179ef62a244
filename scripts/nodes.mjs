// The Node versions that the preload hook must work on, as npm packages that carry the binaries, in an ignored folder:
// `node scripts/nodes.mjs`. Tests that need one that is not there say so and skip.
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { must, root } from "./lib/run.mjs";

export const NODE_VERSIONS = [20, 22, 24, 26];

const name = `node-${process.platform === "win32" ? "win" : process.platform}-${process.arch}`;
const folder = (/** @type {number} */ version) => join(root, ".vscode-test", "nodes", String(version));

/** The binary of a version, whether it is there or not. @param {number} version */
export const nodeBinary = (version) => {
  const bin = join(folder(version), "node_modules", name, "bin");
  return process.platform === "win32" ? join(bin, "node.exe") : join(bin, "node");
};

/** Installs what is missing. */
export function ensureNodes() {
  for (const version of NODE_VERSIONS) {
    if (existsSync(nodeBinary(version))) continue;
    mkdirSync(folder(version), { recursive: true });
    writeFileSync(join(folder(version), "package.json"), '{ "private": true }\n');
    const npm = process.platform === "win32" ? "npm.cmd" : "npm";
    must(`Node ${version}`, npm, ["install", "--no-audit", "--no-fund", `${name}@${version}`], {
      cwd: folder(version),
    });
    console.log(`Node ${version}: installed`);
  }
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) ensureNodes();
