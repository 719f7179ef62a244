/** Runs our own command line for work that ends by itself, with the same Node as the tasks. */
import { execFile } from "node:child_process";
import * as vscode from "vscode";
import { SETTINGS } from "./ids";
import { findRuntime, type Runtime } from "./runtime";

/** Of what it says on stderr, the end. */
const KEPT_CHARS = 64 * 1024;

export const configuredRuntime = (scope?: vscode.Uri): Promise<Runtime> =>
  findRuntime(vscode.workspace.getConfiguration(undefined, scope).get(SETTINGS.nodePath, ""));

/** Resolves when it is done; rejects with the last line that it said. A cancelled run is killed and rejects too. */
export async function runCommandLine(
  cliFile: string,
  words: readonly string[],
  token: vscode.CancellationToken,
): Promise<void> {
  const runtime = await configuredRuntime();
  await new Promise<void>((resolve, reject) => {
    const env = { ...process.env, ...runtime.env };
    const options = { env, maxBuffer: KEPT_CHARS, windowsHide: true };
    const child = execFile(runtime.path, [cliFile, ...words], options, (error, _stdout, stderr) => {
      subscription.dispose();
      if (error) reject(new Error(stderr.trim().split("\n").at(-1) || error.message));
      else resolve();
    });
    const subscription = token.onCancellationRequested(() => child.kill());
  });
}
