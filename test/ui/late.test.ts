/** The panel's page with answers that come late: keys are pressed and things typed before what they are about is there. */
import { deepEqual, equal } from "node:assert/strict";
import type { Page } from "playwright-core";
import { FixtureBrowser } from "./fixture/browser";

/** ms: a user who knows the keys presses several meanwhile. */
const LATE = 300;
const ROW = ".row:not(.row-spare)";

describe("the panel's page, answered late", () => {
  let browser: FixtureBrowser;
  let page: Page;

  before(async () => {
    browser = await FixtureBrowser.start();
  });
  after(() => browser?.close());
  beforeEach(async () => {
    page = await browser.open({ query: { count: 60, late: LATE } });
    await page.locator(ROW).first().waitFor();
    await page.locator(".waterfall").focus();
  });
  afterEach(() => page?.context().close());

  const press = async (...keys: string[]) => {
    for (const key of keys) await page.keyboard.press(key);
  };
  const acted = (name: string) =>
    page.evaluate(
      (wanted) =>
        window.fixture.host.actions.flatMap((action) =>
          "request" in action && action.action === wanted ? [action.request] : [],
        ),
      name,
    );

  it("opens the handler and the logs of the row that is selected, though the details are another's still", async () => {
    await press("Home");
    await page.locator(".detail h2").waitFor();
    await press("ArrowDown", "ArrowDown", "Enter", "l");
    const row = page.locator("[role=row][aria-selected=true][aria-rowindex='4']");
    await row.waitFor();
    const request = Number(await row.locator(".cell-number").innerText()) - 1;
    deepEqual([await acted("open-source"), await acted("reveal-log")], [[request], [request]]);
    const path = (await row.locator(".cell-path").textContent())!;
    await page.locator(".detail h2", { hasText: path }).waitFor();
  });

  it("takes the completion that was chosen, though those of the last letters come after the choice", async () => {
    await press("/");
    await page.keyboard.type("met");
    await page.locator("[role=option]", { hasText: "method:PUT" }).waitFor();
    await page.keyboard.type("hod");
    await press("ArrowDown", "ArrowDown", "Enter");
    await page.waitForFunction((rows) => {
      const methods = [...document.querySelectorAll(`${rows} .cell-method`)].map(({ textContent }) => textContent);
      return methods.length > 0 && methods.every((method) => method === "PUT");
    }, ROW);
    equal(await page.locator(".filter-input").inputValue(), "method:PUT");
  });

  it("shows what was filtered for last, whatever was answered before, and keeps it over a reload", async () => {
    for (const word of ["calendar", "header", "images"]) await page.locator(".filter-input").fill(word);
    await press("Enter", "Escape");
    const shown = () =>
      page.waitForFunction((rows) => {
        const paths = [...document.querySelectorAll(`${rows} .cell-path`)].map(({ textContent }) => textContent!);
        return paths.length > 0 && paths.every((path) => path.includes("images"));
      }, ROW);
    await shown();
    await press("Home", "ArrowDown");
    await page.waitForFunction(() => {
      const saved = JSON.parse(sessionStorage.getItem("fixture state") ?? "{}");
      return saved.view?.filter === "images" && typeof saved.selected === "number";
    });
    const selected = page.locator("[role=row][aria-selected=true][aria-rowindex='3']");
    await selected.waitFor();
    const number = await selected.locator(".cell-number").innerText();
    await page.reload();
    await shown();
    await selected.locator(".cell-number", { hasText: number }).waitFor();
  });
});
