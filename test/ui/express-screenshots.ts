/** The Express example's pictures: slow in its own code, waiting for another service, waiting for the event loop. */
import { join } from "node:path";
import { BLOCKED, BLOCKING, recordExpress } from "../../scripts/lib/express.mjs";
import { Window } from "./window";

const REQUESTS = { slow: BLOCKING, outgoing: "/prices/eur", blocked: BLOCKED };

/** Each request in each theme (by the label that VS Code has for it), to `out`. */
export async function expressScreenshots(out: string, themes: Record<string, string>): Promise<void> {
  const window = await Window.open({ scale: 2, prepare: (workspace) => recordExpress(workspace, "express") });
  try {
    await window.ready();
    await window.command("Request Timeline: Open Timeline");
    for (const [theme, label] of Object.entries(themes)) {
      await window.theme(label);
      for (const [picture, path] of Object.entries(REQUESTS)) {
        const page = await window.webview(`[role="row"]:has-text("${path}")`);
        await page.locator(`[role="row"]:has-text("${path}")`).first().click();
        const detail = page.locator("section.detail");
        await detail.locator(`h2:has-text("${path}")`).waitFor();
        // Below the marks it says where the time went.
        await detail.evaluate((pane) => pane.scrollTo(0, pane.scrollHeight));
        await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
        await window.page.screenshot({ path: join(out, `express-${picture}-${theme}.png`) });
      }
    }
  } finally {
    await window.close();
  }
}
