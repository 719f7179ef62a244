// node_modules against package-lock.json, by content: times of files say nothing after a checkout.
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { npm, root } from "./run.mjs";

/**
 * @param {string} file
 * @returns {Record<string, { version?: string, optional?: boolean }>}
 */
const packagesOf = (file) => JSON.parse(readFileSync(file, "utf8")).packages;

/** Whether everything that the lock names (but what is optional on this platform) is installed in its version. */
function upToDate() {
  const wanted = packagesOf(join(root, "package-lock.json"));
  const installed = packagesOf(join(root, "node_modules/.package-lock.json"));
  return Object.entries(wanted).every(
    ([path, entry]) => path === "" || entry.optional || installed[path]?.version === entry.version,
  );
}

/** Installs the repository's packages where they are missing or not those of the lock. */
export function ensurePackages() {
  const present = existsSync(join(root, "node_modules/.package-lock.json"));
  if (present && upToDate()) return;
  console.log("installing the packages of package-lock.json");
  // `npm ci` begins by deleting node_modules, also under a watcher that runs: only where there is nothing to lose.
  npm("npm", [present ? "install" : "ci"], root);
}
