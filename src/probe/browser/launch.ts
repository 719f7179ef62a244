/** A browser of our own: a fresh profile that is deleted, driven through a pipe and never through a port. */
import { spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Readable, Writable } from "node:stream";
import { DevTools } from "./devtools";
import { atUsersPriority } from "./priority";

export interface LaunchOptions {
  program: string;
  /** With a window. */
  headed: boolean;
  /** Accept any certificate. */
  insecure: boolean;
}

export interface Browser {
  devtools: DevTools;
  /** Ends it and deletes its profile. */
  close(): Promise<void>;
}

/**
 * The address bar's list of suggestions, a page of its own: in each new window its two copies take a core for 0.85 s, just
 * when the page loads (Chromium 156). A browser ignores names that it does not know.
 */
const ADDRESS_BAR = ["WebUIOmniboxPopup", "WebUIOmniboxAimPopup", "WebUIOmniboxFullPopup"];
/** A port that a browser asks nobody at (tcpmux), so that it does not even try. */
const NOBODY = "http://127.0.0.1:1";
/** What it would do by itself must not be in the measurement, and must tell nobody of it. */
const QUIET = [
  `--disable-features=${[...ADDRESS_BAR, "NetworkTimeServiceQuerying"].join()}`,
  // Updates of its parts and the question who is signed in come in spite of the switches below (Chromium 156).
  `--component-updater=url-source=${NOBODY}`,
  `--gaia-url=${NOBODY}`,
  "--no-first-run",
  "--no-default-browser-check",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-default-apps",
  "--disable-sync",
  "--disable-extensions",
  "--disable-breakpad",
  "--metrics-recording-only",
  "--password-store=basic",
  "--use-mock-keychain",
];
const GRACE_MS = 3_000;
/** Some programs ignore what they do not understand, and run on. */
const ANSWER_MS = 30_000;

/** Rejects where it does not start, or does not answer within `answerMs`. */
export async function launchBrowser(
  { program, headed, insecure }: LaunchOptions,
  answerMs = ANSWER_MS,
): Promise<Browser> {
  if (headed && process.platform === "linux" && !process.env.DISPLAY && !process.env.WAYLAND_DISPLAY)
    throw new Error("a browser's window needs a display, and there is none here (DISPLAY is not set)");
  const profile = await mkdtemp(join(tmpdir(), "request-timeline-browser-"));
  const [command, ...words] = atUsersPriority(program);
  const child = spawn(
    command,
    [
      ...words,
      ...QUIET,
      ...(headed ? [] : ["--headless=new"]),
      ...(insecure ? ["--ignore-certificate-errors"] : []),
      // Chromium's sandbox does not run as root, as in most containers.
      ...(process.getuid?.() === 0 ? ["--no-sandbox"] : []),
      "--remote-debugging-pipe",
      `--user-data-dir=${profile}`,
      "about:blank",
    ],
    { stdio: ["ignore", "ignore", "ignore", "pipe", "pipe"] },
  );
  let late: NodeJS.Timeout | undefined;
  const failed = new Promise<never>((_, reject) => {
    late = setTimeout(() => {
      reject(new Error(`${program} does not answer as a browser does`));
      child.kill("SIGKILL");
      // What it has started may hold the other ends.
      for (const pipe of child.stdio) pipe?.destroy();
    }, answerMs);
    child.once("error", (error) => reject(new Error(`${program} cannot be started: ${error.message}`)));
    child.once("exit", (status) => reject(new Error(`${program} has ended with status ${status}`)));
  });
  const exited = new Promise<void>((resolve) => child.once("close", () => resolve()));
  const devtools = new DevTools(child.stdio[3] as Writable, child.stdio[4] as Readable);
  const close = async () => {
    const timer = setTimeout(() => child.kill("SIGKILL"), GRACE_MS);
    await devtools.send("Browser.close").catch(() => child.kill("SIGKILL"));
    if (child.pid !== undefined) await exited;
    clearTimeout(timer);
    await rm(profile, { recursive: true, force: true, maxRetries: 5, retryDelay: 50 });
  };
  try {
    await Promise.race([devtools.send("Browser.getVersion").catch(() => failed), failed]);
  } catch (error) {
    clearTimeout(late);
    await close();
    throw error;
  }
  clearTimeout(late);
  failed.catch(() => {});
  return { devtools, close };
}
