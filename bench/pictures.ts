/**
 * Pictures of the panel over sessions of 10, 10,000 and 1,000,000 requests, with the real engine: as it opens, the whole
 * session, and lanes by connection. To out/screenshots; look at them.
 * Run: npm run build && npx tsx bench/pictures.ts [requests...]
 */
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { chromium, type Page } from "playwright-core";
import { FLAGS } from "../scripts/lib/launch.mjs";
import { BenchHost } from "./timeline/host";
import { makeSession } from "./timeline/make";
import { buildPage, opened, painted, press } from "./timeline/page";

const counts = process.argv.length > 2 ? process.argv.slice(2).map(Number) : [10, 10_000, 1_000_000];
const root = resolve(__dirname, "..");
const out = join(root, "out/screenshots");

async function lanes(page: Page): Promise<void> {
  await page.evaluate(() => {
    const group = document.querySelector<HTMLElement & { value: string }>("vscode-dropdown[aria-label='Group rows']")!;
    group.value = "lanes:connection";
    group.dispatchEvent(new Event("change"));
  });
  await page.locator(".row-group").first().waitFor();
}

async function pictures(page: Page, requests: number): Promise<void> {
  const take = async (what: string): Promise<void> => {
    // What a movement asks for has arrived when the network is quiet.
    await page.waitForLoadState("networkidle");
    await painted(page);
    await page.screenshot({ path: join(out, `requests-${requests}-${what}.png`) });
  };
  await opened(page);
  await take("opened");
  await press(page, "0");
  await page.waitForFunction(
    (all) => document.querySelector(".filter-matches")!.textContent === all,
    requests.toLocaleString("en"),
  );
  await take("whole");
  await lanes(page);
  await take("lanes");
}

async function main(): Promise<void> {
  mkdirSync(out, { recursive: true });
  const folder = mkdtempSync(join(tmpdir(), "request-timeline-bench-"));
  const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args: FLAGS });
  try {
    const built = await buildPage(folder);
    for (const requests of counts) {
      const host = await BenchHost.start(join(root, "dist/engine.js"), makeSession(folder, requests), built);
      const page = await browser.newPage({ viewport: { width: 1440, height: 900 }, deviceScaleFactor: 2 });
      await page.goto(host.url);
      await pictures(page, requests);
      await page.close();
      await host.close();
    }
  } finally {
    await browser.close();
    rmSync(folder, { recursive: true, force: true });
  }
  process.stdout.write(`${out}\n`);
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
  process.exitCode = 1;
});
