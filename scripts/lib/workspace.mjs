// The workspace that VS Code opens in tests: a copy of the campus example, so that a test may write into it.
import { cpSync, existsSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { root } from "./run.mjs";

/**
 * Copies the example, and over it `test/host/workspace` (tasks.json and the like) where there is one.
 * @param {string} folder where to
 */
export function copyWorkspace(folder) {
  mkdirSync(folder, { recursive: true });
  for (const source of ["examples/campus", "test/host/workspace"]) {
    const from = join(root, source);
    if (existsSync(from))
      cpSync(from, folder, { recursive: true, filter: (path) => !path.includes(".request-timeline") });
  }
  return folder;
}
