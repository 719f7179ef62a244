import { deepEqual, equal, match, ok } from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Frame } from "playwright-core";
import { recordCampus } from "../../scripts/lib/campus.mjs";
import { Window } from "./window";

const ROW = '[role="row"][aria-rowindex]:has([role="gridcell"])';
const CALENDAR = "/cgi-bin/calendar.cgi?3+1993";

describe("the timeline of the campus example, in a real VS Code", () => {
  let window: Window;
  let page: Frame;
  /** The calendar's request. */
  let chosen: number;

  const press = (key: string): Promise<void> => window.page.keyboard.press(key);

  /** Walks down from the first row, a key at a time, to the row that has the text. */
  async function walkTo(text: string): Promise<void> {
    await page.waitForFunction(() => document.hasFocus());
    await press("Home");
    for (let row = 1; row < 100; row++) {
      // The header is the grid's first row.
      const here = page.locator(`[role="row"][aria-selected="true"][aria-rowindex="${row + 1}"]`);
      await here.waitFor({ timeout: 30_000 });
      if ((await here.textContent())?.includes(text)) return;
      await press("ArrowDown");
    }
  }

  before(async () => {
    window = await Window.open({
      prepare: async (workspace) => {
        recordCampus(workspace, "campus");
      },
    });
  });
  afterEach(async function () {
    if (this.currentTest?.isFailed()) await window.page.screenshot({ path: "out/ui-failed.png" });
  });
  after(() => window?.close());

  it("opens by its key, with the newest session", async () => {
    await window.ready();
    await press("Control+Alt+Shift+T");
    page = await window.webview(ROW);
    const session = `${window.workspace}/.request-timeline/campus`;
    await page.locator(`vscode-dropdown[aria-label=Session][current-value="${session}"]`).waitFor();
  });

  it("shows a row for each request of the page, with its numbers", async () => {
    const first = page.locator(ROW).first();
    const cells = (await first.locator('[role="gridcell"]').allInnerTexts()).map((text) => text.trim());
    deepEqual(cells.slice(0, 4), ["1", "GET", "/", "200"]);
    for (const number of cells.slice(5, 8)) match(number, /^[−-]?[\d.,]+/, cells.join(" | "));
    equal(await page.locator(ROW, { hasText: "/images/header" }).count(), 1);
  });

  it("draws the bars", async () => {
    const colours = await page.evaluate(() => {
      const canvas = [...document.querySelectorAll<HTMLCanvasElement>(".waterfall canvas")].find(
        (one) => one.width > 100,
      );
      const context = canvas?.getContext("2d");
      if (!canvas || !context) return 0;
      const pixels = new Uint32Array(context.getImageData(0, 0, canvas.width, canvas.height).data.buffer);
      return new Set(pixels).size;
    });
    ok(colours > 3, `${colours} colours`);
  });

  it("leads the keyboard alone to a row, its numbers and its handler", async () => {
    await walkTo("calendar.cgi");
    const detail = page.locator("section.detail");
    await detail.locator("h2", { hasText: CALENDAR }).waitFor();
    chosen = Number(await page.locator('[role="row"][aria-selected="true"] .cell-number').textContent()) - 1;
    const text = (await detail.textContent()) ?? "";
    for (const symbol of ["Q Net,Client", "R S,Parse", "R S,Proc", "R S,Net", "Q Net,Server", "Q Client", "R C,Load"])
      ok(text.includes(symbol), `${symbol} is missing from:\n${text}`);
    match(text, /R C,Load − Q Net,Client/);
    await press("Enter");
    await window.activeEditor("calendar.cgi").waitFor();
  });

  it("reveals the request's record in the log", async () => {
    await window.command("Request Timeline: Open Timeline");
    page = await window.webview(ROW);
    await walkTo("calendar.cgi");
    await press("l");
    await window.activeEditor("server.ndjson").waitFor();
    await window.page.locator(".editor-instance:visible .view-line", { hasText: "calendar.cgi" }).first().waitFor();
  });

  it("shows its charts, and saves one where the user says", async () => {
    await window.command("Request Timeline: Open Timeline");
    page = await window.webview(ROW);
    await page.waitForFunction(() => document.hasFocus());
    await press("2");
    for (const chart of ["day", "latency"]) await page.locator(`.chart-${chart}[aria-busy=false]`).waitFor();
    ok((await page.locator(".chart-day svg path").count()) > 0, "there are lines");
    await page.locator(".chart-latency button", { hasText: "SVG" }).click();
    // This VS Code asks for a file in its quick input, with the proposed one written in it.
    await window.page.waitForFunction(() =>
      [...document.querySelectorAll<HTMLInputElement>(".quick-input-widget input")].some(({ value }) =>
        value.endsWith("/Distribution-of-R-C.svg"),
      ),
    );
    await press("Enter");
    const file = join(window.workspace, "Distribution-of-R-C.svg");
    // It is there before it is written.
    const text = () => (existsSync(file) ? readFileSync(file, "utf8") : "");
    for (let look = 0; look < 300 && !text().endsWith("</svg>"); look++) await window.page.waitForTimeout(100);
    match(text(), /^<svg [\s\S]*Distribution of R C[\s\S]*<\/svg>$/);
    await page.locator(".pages button", { hasText: "Timeline" }).click();
    await page.locator(ROW).first().waitFor();
  });

  it("is there again after the window was reloaded, with the request that was chosen", async () => {
    const selection = `"selected[\\\\"]*:${chosen}\\b`;
    const log = window.page.locator('.tab[data-resource-name="server.ndjson"]');
    const heading = () => page.locator("section.detail h2", { hasText: CALENDAR });
    for (let reload = 1; reload <= 4; reload++) {
      await window.stored(new RegExp(`server\\.ndjson[^]*${selection}|${selection}[^]*server\\.ndjson`));
      await window.page.reload();
      page = await window.webview(ROW, 90_000);
      // This VS Code now and then comes back with editors of long before; only what it brings back can be judged.
      if ((await log.count()) > 0 || (await heading().count()) > 0) break;
      await page.locator(ROW).first().click();
      await walkTo("calendar.cgi");
      await press("l");
      await window.activeEditor("server.ndjson").waitFor();
    }
    await heading().waitFor();
  });
});
