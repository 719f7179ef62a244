// A real VS Code without a download service: VS Code's own server on loopback, and a headless Chromium on its page.
// Everything that is started here ends with `close`, or with this process.
import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdirSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { launchChromium } from "./lib/launch.mjs";
import { vscode } from "./lib/vscode.mjs";

/** A busy machine is not a broken one. */
const LOAD_MS = 90_000;

/** Whether something answers HTTP there. @param {string} url */
const answers = (url) =>
  fetch(url, { redirect: "manual" }).then(
    () => true,
    () => false,
  );

/**
 * @typedef {object} Server
 * @property {string} origin `http://127.0.0.1:PORT`
 * @property {string} authority `127.0.0.1:PORT`
 * @property {string} folder the temporary folder with its data; log.txt is what it printed
 * @property {(query: Record<string, string>) => string} address the address of a page
 * @property {() => Promise<void>} close
 */

/**
 * Starts VS Code's server and waits until it answers.
 * @param {object} [options]
 * @param {boolean} [options.token] a random connection token (for users); else none (tests)
 * @param {boolean} [options.development] accept the development payload in the page's address
 * @param {string} [options.extensions] folder of installed extensions
 * @param {Record<string, string>} [options.env] added to the environment, which the extension host inherits
 * @param {Record<string, unknown>} [options.settings] settings of the machine: neither those of the application nor the theme are among them
 * @returns {Promise<Server>}
 */
export async function startServer({ token = false, development = true, extensions, env = {}, settings = {} } = {}) {
  const folder = mkdtempSync(join(tmpdir(), "request-timeline-vscode-"));
  const machine = join(folder, "data/data/Machine");
  mkdirSync(machine, { recursive: true });
  writeFileSync(join(machine, "settings.json"), JSON.stringify(settings));
  const secret = token ? randomBytes(24).toString("base64url") : null;
  const tokenFile = join(folder, "token");
  if (secret) writeFileSync(tokenFile, secret, { mode: 0o600 });
  const args = [
    join(vscode.folder, "out/server-main.js"),
    ...["--host", "127.0.0.1", "--port", "0"],
    ...(secret ? ["--connection-token-file", tokenFile] : ["--without-connection-token"]),
    ...(development ? ["--enable-smoke-test-driver"] : []),
    ...["--accept-server-license-terms", "--disable-telemetry", "--disable-workspace-trust"],
    ...["--server-data-dir", join(folder, "data")],
    ...["--extensions-dir", extensions ?? join(folder, "extensions")],
  ];
  const log = openSync(join(folder, "log.txt"), "a");
  // A process group of its own, so that its extension hosts and terminals end with it.
  const child = spawn(vscode.node, args, {
    stdio: ["ignore", log, log],
    env: { ...process.env, ...env },
    detached: true,
  });
  const kill = () => {
    try {
      if (child.pid) process.kill(-child.pid, "SIGKILL");
    } catch {
      // It is gone.
    }
  };
  process.on("exit", kill);
  // Its group hears no Ctrl-C of ours. Who else listens for the signal ends us in his own way.
  const signals = /** @type {const} */ (["SIGINT", "SIGTERM", "SIGHUP"]);
  const onSignal = (/** @type {NodeJS.Signals} */ signal) => {
    if (process.listenerCount(signal) > 1) return;
    kill();
    process.off(signal, onSignal);
    process.kill(process.pid, signal);
  };
  for (const signal of signals) process.on(signal, onSignal);
  const ended = new Promise((done) => child.on("close", done));
  const close = async () => {
    process.off("exit", kill);
    for (const signal of signals) process.off(signal, onSignal);
    kill();
    await ended;
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  };
  const said = () => readFileSync(join(folder, "log.txt"), "utf8");
  const port = () => /listening on (\d+)\s/.exec(said())?.[1];
  const deadline = Date.now() + 60_000;
  while (!port() || !(await answers(`http://127.0.0.1:${port()}/version`))) {
    if (child.exitCode !== null || Date.now() > deadline) {
      const end = said().slice(-2000);
      await close();
      throw new Error(`VS Code's server did not start:\n${end}`);
    }
    await sleep(100);
  }
  const authority = `127.0.0.1:${port()}`;
  const origin = `http://${authority}`;
  return {
    origin,
    authority,
    folder,
    address: (query) => `${origin}/?${new URLSearchParams({ ...(secret && { tkn: secret }), ...query })}`,
    close,
  };
}

/**
 * The page's address with the extension under development loaded, and with a test module run in its host.
 * @param {Server} server
 * @param {{ workspace: string, extension: string, tests?: string, payload?: [string, string][] }} options absolute paths
 */
export function developmentAddress(server, { workspace, extension, tests, payload = [] }) {
  const remote = (/** @type {string} */ path) => `vscode-remote://${server.authority}${path}`;
  const pairs = [
    ["extensionDevelopmentPath", remote(extension)],
    ...(tests ? [["extensionTestsPath", remote(tests)]] : []),
    ["skipWelcome", "true"],
    ["skipReleaseNotes", "true"],
    ...payload,
  ];
  return server.address({ folder: workspace, payload: JSON.stringify(pairs) });
}

/**
 * Opens an address in a headless Chromium of its own; `close` it.
 * @param {string} address
 * @param {{ width?: number, height?: number, scale?: number }} [options]
 */
export async function openAddress(address, { width = 1440, height = 900, scale = 1 } = {}) {
  const browser = await launchChromium();
  try {
    const viewport = { width, height };
    const context = await browser.newContext({ viewport, deviceScaleFactor: scale });
    await context.grantPermissions(["clipboard-read", "clipboard-write"], { origin: new URL(address).origin });
    const page = await context.newPage();
    await page.goto(address, { timeout: LOAD_MS });
    return { page, close: () => browser.close() };
  } catch (error) {
    await browser.close();
    throw error;
  }
}

/**
 * A webview's content is the innermost frame of three: the one that holds `selector`, visible.
 * @param {import("playwright-core").Page} page
 * @param {string} selector
 * @param {number} [timeout] ms
 * @returns {Promise<import("playwright-core").Frame>}
 */
export async function webviewWith(page, selector, timeout = LOAD_MS) {
  for (const deadline = Date.now() + timeout; ; await sleep(100)) {
    for (const frame of page.frames()) {
      if (!frame.url().includes("/fake.html")) continue;
      // A frame may vanish while it is asked.
      const found = await frame
        .locator(selector)
        .first()
        .isVisible()
        .catch(() => false);
      if (found) return frame;
    }
    if (Date.now() > deadline) throw new Error(`no webview shows ${selector}`);
  }
}
