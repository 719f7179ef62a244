/** Pictures of every chart over real logs, the page alone: each card, and the whole page where it is narrow. */
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { FixtureBrowser } from "./fixture/browser";
import { campus1999, shop } from "./fixture/logs";

const CARDS = ["day", "latency", "heat", "size", "load", "prediction", "objects", "archive", "hour", "days"];
const SESSIONS = { "campus-1999": campus1999, shop };
const THEMES = ["dark", "light", "hc-dark", "hc-light"];
const [WIDE, NARROW] = [1_440, 700];

export async function chartScreenshots(folder: string): Promise<void> {
  mkdirSync(folder, { recursive: true });
  const browser = await FixtureBrowser.start();
  try {
    for (const [name, logs] of Object.entries(SESSIONS))
      for (const theme of THEMES)
        for (const width of [WIDE, NARROW]) {
          const page = await browser.open({ logs: logs(), query: { theme }, width, height: 900, ratio: 1.5 });
          await openCharts(page, name === "campus-1999");
          await page.screenshot({ path: join(folder, `${name}-${theme}-${width}.png`) });
          if (width === WIDE)
            for (const card of CARDS)
              await page.locator(`.chart-${card}`).screenshot({ path: join(folder, `${name}-${theme}-${card}.png`) });
          await page.context().close();
        }
  } finally {
    await browser.close();
  }
}

/** In a window as high as the page is, so that all of it is drawn. */
async function openCharts(page: Page, byUrl: boolean): Promise<void> {
  await page.locator(".row:not(.row-spare)").first().waitFor();
  await page.locator(".waterfall").focus();
  await page.keyboard.press("2");
  await page.locator(".chart-day[aria-busy=false]").waitFor();
  if (byUrl) {
    await page.locator("vscode-dropdown[aria-label='Series are']").click();
    await page.locator("vscode-option:visible", { hasText: "By URL" }).click();
  }
  const settled = () => Promise.all(CARDS.map((card) => page.locator(`.chart-${card}[aria-busy=false]`).waitFor()));
  const width = page.viewportSize()!.width;
  await page.setViewportSize({ width, height: 6_000 });
  await settled();
  const height = await page.evaluate(() => {
    const charts = document.querySelector(".charts")!;
    return (
      Math.ceil(
        charts.getBoundingClientRect().top + charts.querySelector(".charts-grid")!.getBoundingClientRect().height,
      ) + 90
    );
  });
  await page.setViewportSize({ width, height });
  await settled();
  await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
}
