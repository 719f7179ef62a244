// The demonstration, straight after a clone: sets up, builds, records the campus example, and opens VS Code on its
// timeline: the desktop's `code` where there is one, else VS Code in the browser behind a random token.
// `--browser` never takes the desktop's; `--check` looks with a headless browser whether the timeline is on screen,
// says so and ends.
import { spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { recordCampus } from "./lib/campus.mjs";
import { onPath } from "./lib/chromium.mjs";
import { must, root } from "./lib/run.mjs";
import { vscode } from "./lib/vscode.mjs";
import { copyWorkspace } from "./lib/workspace.mjs";
import { makePackage } from "./package.mjs";
import { setup } from "./setup.mjs";
import { openAddress, startServer, webviewWith } from "./vscode-server.mjs";

/** Opens the timeline once the window is up: the extension itself starts on use only. */
const companion = join(root, "scripts/demo-extension");
const check = process.argv.includes("--check");

/** Whether a desktop VS Code can be opened from here (in VS Code's own terminal `code` is a remote control). */
const desktop = () =>
  !check &&
  !process.argv.includes("--browser") &&
  onPath(process.platform === "win32" ? "code.cmd" : "code") !== undefined &&
  !process.env.VSCODE_IPC_HOOK_CLI &&
  (process.platform !== "linux" || Boolean(process.env.DISPLAY || process.env.WAYLAND_DISPLAY));

/** @param {string} workspace */
function openDesktop(workspace) {
  const development = [root, companion].map((folder) => `--extensionDevelopmentPath=${folder}`);
  const args = ["--new-window", ...development, workspace];
  spawnSync("code", args, { stdio: "inherit", shell: process.platform === "win32" });
  console.log(`VS Code opens ${workspace} with its timeline.`);
}

/** The extension as users get it, and the companion. @param {string} folder @param {string} vsix */
function installExtensions(folder, vsix) {
  mkdirSync(folder);
  cpSync(companion, join(folder, "request-timeline.request-timeline-demo-0.0.1"), { recursive: true });
  const server = join(vscode.folder, "out/server-main.js");
  const args = ["--install-extension", vsix, "--extensions-dir", folder, "--server-data-dir", `${folder}-data`];
  must("installing the extension", vscode.node, [server, ...args, "--accept-server-license-terms"]);
  if (!existsSync(folder)) throw new Error("the extension was not installed");
}

/** @param {string} workspace @param {string} vsix @param {string} folder for what is temporary */
async function openBrowser(workspace, vsix, folder) {
  const extensions = join(folder, "extensions");
  installExtensions(extensions, vsix);
  const settings = { "workbench.startupEditor": "none", "workbench.secondarySideBar.defaultVisibility": "hidden" };
  const server = await startServer({ token: true, development: false, extensions, settings });
  try {
    const address = server.address({ folder: workspace });
    if (check) return await look(address);
    console.log(`\nVS Code with the timeline of the campus example:\n\n  ${address}\n\nCtrl-C ends it.`);
    await new Promise((done) => {
      for (const signal of ["SIGINT", "SIGTERM"]) process.once(signal, done);
    });
  } finally {
    await server.close();
  }
}

/** Opens the address as a user would, and waits for the timeline's rows. @param {string} address */
async function look(address) {
  const window = await openAddress(address);
  try {
    await webviewWith(window.page, '[role="row"]:has-text("/campus.css")', 60_000);
    console.log("the timeline of the campus example is on screen");
  } catch (error) {
    await window.page.screenshot({ path: join(root, "out/demo-failed.png") });
    throw error;
  } finally {
    await window.close();
  }
}

const folder = mkdtempSync(join(tmpdir(), "request-timeline-demo-"));
try {
  await setup();
  const { file } = await makePackage();
  const workspace = check ? copyWorkspace(join(folder, "campus")) : join(root, "examples/campus");
  console.log("recording the campus example");
  recordCampus(workspace, `campus-${new Date().toISOString().slice(0, 19).replaceAll(":", "-")}`);
  if (desktop()) openDesktop(workspace);
  else await openBrowser(workspace, file, folder);
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
} finally {
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
}
