// The headless Chromium that tests, pictures and the demonstration drive.
import { findChromium } from "./chromium.mjs";

export const FLAGS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/**
 * Starts it; a second time where it does not come up within Playwright's 30 s: nothing has been tried with it yet.
 * @returns {Promise<import("playwright-core").Browser>}
 */
export async function launchChromium() {
  const { chromium } = await import("playwright-core");
  const start = () => chromium.launch({ executablePath: findChromium(), args: FLAGS });
  return start().catch((error) => {
    console.error(`Chromium did not start, so it is started again. ${String(error).slice(0, 500)}`);
    return start();
  });
}
