// Installs what building, testing and the demonstration need: packages, a Chromium, VS Code's server. Works straight
// after a clone (node built-ins only), is quick when all is there, and waits for a setup that runs already.
import { pathToFileURL } from "node:url";
import { ensureChromium, ensureOptionalTools } from "./lib/chromium.mjs";
import { withLock } from "./lib/lock.mjs";
import { ensurePackages } from "./lib/packages.mjs";
import { ensureVSCode, setupLock } from "./lib/vscode.mjs";

/**
 * @param {{ optional?: boolean }} [options] optional: also the tools without which some tests skip
 * @returns {Promise<void>}
 */
export const setup = ({ optional = false } = {}) =>
  withLock(setupLock, () => {
    ensurePackages();
    ensureChromium();
    ensureVSCode();
    if (optional) ensureOptionalTools();
  });

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  try {
    await setup();
    console.log("all there");
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  }
}
