import { match } from "node:assert/strict";
import type { Frame } from "playwright-core";
import { BLOCKED, BLOCKING, recordExpress } from "../../scripts/lib/express.mjs";
import { Window } from "./window";

describe("the timeline of the Express example, in a real VS Code", () => {
  let window: Window;
  let page: Frame;

  /** What the detail pane says of a request, its first of this path. */
  async function detailOf(path: string): Promise<string> {
    await page.locator(`[role="row"]:has-text("${path}")`).first().click();
    await page.locator(`section.detail h2:has-text("${path}")`).waitFor();
    return page.locator("section.detail").innerText();
  }

  before(async () => {
    window = await Window.open({ prepare: (workspace) => recordExpress(workspace, "express") });
    await window.ready();
    await window.command("Request Timeline: Open Timeline");
    page = await window.webview(`[role="row"]:has-text("${BLOCKED}")`);
  });
  after(() => window?.close());

  it("says of a request that it waited for the event loop, how long, and for whom", async () => {
    match(await detailOf(BLOCKED), new RegExp(`waited for the event loop [\\d.,]+ m?s.*GET ${BLOCKING}`, "s"));
  });

  it("names the handler of the slow one, and the call that another one waited for", async () => {
    match(await detailOf(BLOCKING), /server\.js:14/);
    match(await detailOf("/prices/eur"), /server\.js:22.*GET http:\/\/127\.0\.0\.1:\d+\/eur/s);
  });
});
