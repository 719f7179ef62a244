/** The panel's page alone, in a real browser: a fake host speaks the protocol over made-up sessions. */
import { deepEqual, equal, match, ok } from "node:assert/strict";
import { readFileSync } from "node:fs";
import type { Page } from "playwright-core";
import { FixtureBrowser, type Look } from "./fixture/browser";
import { manyRequests, requestId } from "./fixture/logs";

const ROW = ".row:not(.row-spare)";
const axe = readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");

describe("the panel's page", () => {
  let browser: FixtureBrowser;
  let page: Page;

  before(async () => {
    browser = await FixtureBrowser.start();
  });
  after(() => browser?.close());
  afterEach(() => page?.context().close());

  /** A session of which the whole is shown, with the keyboard on its rows. */
  async function open(look: Look = {}): Promise<void> {
    page = await browser.open({ ...look, query: { count: 60, ...look.query } });
    await page.locator(ROW).first().waitFor();
    await page.locator(".waterfall").focus();
  }

  const press = (...keys: string[]) =>
    keys.reduce((before, key) => before.then(() => page.keyboard.press(key)), Promise.resolve());
  const selectedRow = (rowindex: number) => page.locator(`[role=row][aria-selected=true][aria-rowindex="${rowindex}"]`);
  const matches = () => page.locator(".filter-matches").textContent();
  const actions = () =>
    page.evaluate(
      () => window.fixture.host.actions as { action?: string; side?: string; text?: string; request?: number }[],
    );
  const lastAction = async (name: string) => {
    await page.waitForFunction(
      (wanted) => window.fixture.host.actions.some((a) => "action" in a && a.action === wanted),
      name,
    );
    return (await actions()).filter(({ action }) => action === name).at(-1)!;
  };
  /** Rules of accessibility, by axe. */
  const violated = async () => {
    await page.evaluate(axe);
    return page.evaluate(async () => {
      const run = (window as unknown as { axe: { run(): Promise<{ violations: { id: string }[] }> } }).axe.run();
      return (await run).violations.map(({ id }) => id);
    });
  };
  /** The text of a row's cells but the timeline's. */
  const cells = async (rowindex: number) =>
    (await page.locator(`[aria-rowindex="${rowindex}"] .cell`).allInnerTexts()).map((text) => text.replace(/\s+/g, ""));

  it("shows a row for each request with its numbers, and the same in words for those who cannot see the bars", async () => {
    await open();
    deepEqual((await cells(2)).slice(0, 4), ["1", "GET", "/", "200"]);
    match(
      (await page.locator("[aria-rowindex='2'] .cell-timeline").textContent()) ?? "",
      /client .*ms, header after .*server .*process/,
    );
  });

  it("is reached by the keyboard alone: rows, screens, ends, handler, logs, copy", async () => {
    await open({ query: { count: 60 } });
    await press("Home");
    await selectedRow(2).waitFor();
    await press("ArrowDown", "ArrowDown");
    await selectedRow(4).waitFor();
    await press("End");
    await selectedRow(61).waitFor();
    await press("PageUp", "Home");
    await selectedRow(2).waitFor();
    await page.locator(".detail h2").waitFor();
    await press("Enter");
    equal((await lastAction("open-source")).request, 0);
    await press("l");
    equal((await lastAction("reveal-log")).side, "server");
    await press("Shift+L");
    await page.waitForFunction(() => window.fixture.host.actions.some((a) => "side" in a && a.side === "client"));
    await press("c");
    match((await lastAction("copy")).text!, /Q Net,Client[\s\S]*R C = /);
    await press("Escape");
    await page.locator(".detail").waitFor({ state: "hidden" });
  });

  it("keeps the chosen row in sight when the details take their room", async () => {
    await open({ height: 600 });
    await page.locator(ROW).nth(14).click();
    await page.locator(".detail h2").waitFor();
    await page.waitForFunction(() => {
      const row = document.querySelector(".row-selected")!.getBoundingClientRect();
      const room = document.querySelector(".waterfall")!.getBoundingClientRect();
      return row.top >= room.top - 1 && row.bottom <= room.bottom + 1;
    });
  });

  it("zooms and pans by keys, wheel and brush; 0 is the whole session again", async () => {
    await open();
    await press("w", "w", "w");
    await page.waitForFunction(() => /of 60 in view/.test(document.querySelector(".filter-matches")!.textContent!));
    await press("0");
    await page.waitForFunction(() => document.querySelector(".filter-matches")!.textContent === "60");
    const strip = (await page.locator(".overview").boundingBox())!;
    await page.mouse.move(strip.x + 200, strip.y + 25);
    await page.mouse.down();
    await page.mouse.move(strip.x + 400, strip.y + 25, { steps: 3 });
    await page.mouse.up();
    await page.waitForFunction(() => /of 60 in view/.test(document.querySelector(".filter-matches")!.textContent!));
    await page.locator(".overview-whole").click();
    await page.waitForFunction(() => document.querySelector(".filter-matches")!.textContent === "60");
    const bars = (await page.locator(".bars").boundingBox())!;
    await page.mouse.move(bars.x + 100, bars.y + 40);
    await page.keyboard.down("Control");
    await page.mouse.wheel(0, -800);
    await page.keyboard.up("Control");
    await page.waitForFunction(() => /of 60 in view/.test(document.querySelector(".filter-matches")!.textContent!));
  });

  it("filters with completion by keyboard, says what matches, and shows where a filter is wrong", async () => {
    await open();
    await press("/");
    await page.keyboard.type("meth");
    await page.locator("[role=option]", { hasText: "method:PUT" }).waitFor();
    await press("ArrowDown", "ArrowDown", "Enter");
    // What was typed before was looked for as a word.
    await page.waitForFunction((rows) => {
      const methods = [...document.querySelectorAll(`${rows} .cell-method`)].map(({ textContent }) => textContent);
      const matches = document.querySelector(".filter-matches")!.textContent!;
      return methods.length > 0 && methods.every((method) => method === "PUT") && /^\d+ of 60/.test(matches);
    }, ROW);
    await page.locator(".filter-input").fill("foo:1");
    await page.locator(".filter-error", { hasText: "unknown key foo" }).waitFor();
    equal(await page.locator(".filter-error-at").textContent(), "foo");
    await page.locator(".filter-input").fill("path:/nothing-has-this");
    await page.getByText("Nothing matches").waitFor();
    await page.getByText("Show everything").click();
    await page.locator(ROW).first().waitFor();
  });

  it("finds by a word a row far outside of the view, in any of its texts, and shows it among the others", async () => {
    page = await browser.open({ logs: manyRequests(5_000, 4_320, "/needle/in/a/haystack") });
    await page.locator(ROW).first().waitFor();
    for (const word of ["haystack", requestId(4_320).slice(20)]) {
      // Without the other word's answer.
      await page.locator(".filter-input").fill("");
      await page.waitForFunction(() =>
        /^(?!1 of ).*5,000/.test(document.querySelector(".filter-matches")!.textContent!),
      );
      await page.locator(".filter-input").fill(word);
      await page.waitForFunction(() => /^1 of 5,000/.test(document.querySelector(".filter-matches")!.textContent!));
      equal(await page.locator(`${ROW} .cell-path`).textContent(), "/needle/in/a/haystack");
      equal(await page.locator(`${ROW} .cell-number`).innerText(), "4321");
    }
    await page.locator(".waterfall").focus();
    await press("ArrowDown");
    await page.locator("section.detail h2").waitFor();
    await page.locator(".filter-input").fill("");
    await page.waitForFunction(() => /^5,000/.test(document.querySelector(".filter-matches")!.textContent!));
    await page.locator(".row-selected .cell-number", { hasText: "4321" }).waitFor();
  });

  it("searches a span that one chose, and offers the whole session where it finds nothing", async () => {
    page = await browser.open({ logs: manyRequests(5_000, 4_320, "/needle/in/a/haystack") });
    await page.locator(ROW).first().waitFor();
    await page.locator(".waterfall").focus();
    await press("w", "w");
    await page.locator(".filter-input").fill("haystack");
    await page.getByText("Nothing matches").waitFor();
    await page.getByText("In the whole session").click();
    await page.locator(`${ROW} .cell-number`, { hasText: "4321" }).waitFor();
  });

  it("compares with the baseline by keyboard: both requests on one axis, every route, Markdown", async () => {
    await open();
    await press("Home");
    await page.locator(".detail h2").waitFor();
    await press("b");
    const dialog = page.locator("dialog.compare[open]");
    await dialog.waitFor();
    equal((await lastAction("compare")).action, "compare");
    await dialog.locator("[aria-pressed=true]", { hasText: "selected" }).waitFor();
    match(
      await dialog.innerText(),
      /1 of 6 routes changed[\s\S]*slower[\s\S]*not enough data: 18 more requests needed/,
    );
    const numbers = await dialog.locator(".pair-table tr", { hasText: "R C" }).first().locator("td").allInnerTexts();
    const [before, after, difference] = numbers.map(Number) as [number, number, number];
    ok(Math.abs(after - before - difference) < 0.0015, numbers.join());
    const painted = await page.evaluate(() => {
      const canvas = document.querySelector<HTMLCanvasElement>(".pair-lanes")!;
      const rows = [0, 1].map(
        (row) => canvas.getContext("2d")!.getImageData(80, 26 + row * 30, canvas.width - 80, 24).data,
      );
      return rows.map((data) => data.some((value) => value > 0));
    });
    deepEqual(painted, [true, true]);
    await dialog.getByRole("button", { name: "GET /cgi-bin/calendar.cgi" }).focus();
    await press("Enter");
    await dialog.locator("[aria-pressed=true]", { hasText: "median" }).waitFor();
    await dialog.locator("h3", { hasText: "GET /cgi-bin/calendar.cgi" }).waitFor();
    await dialog.getByRole("button", { name: "Copy as Markdown" }).click();
    match((await lastAction("copy")).text!, /not HTML/);
    await press("Escape");
    await dialog.waitFor({ state: "detached" }).catch(() => dialog.waitFor({ state: "hidden" }));
    equal(await page.locator(".detail h2").isVisible(), true);
  });

  it("sorts by a column, largest first, and back to the order of time", async () => {
    await open();
    const sort = page.locator(".sort", { hasText: "R C" });
    await sort.click();
    await page.waitForFunction(() => document.querySelector("[aria-sort=descending]"));
    await page.waitForFunction(() => document.querySelector("[aria-rowindex='2'] .cell-number")!.textContent !== "1");
    const slowest = (await cells(2))[5]!;
    ok(Number(slowest.replace(",", "")) >= Number((await cells(3))[5]!.replace(",", "")), slowest);
    await sort.click();
    await sort.click();
    await page.waitForFunction(() => document.querySelector("[aria-rowindex='2'] .cell-number")!.textContent === "1");
  });

  it("folds and unfolds groups by keyboard, as a tree grid", async () => {
    await open();
    await page.locator("vscode-dropdown[aria-label='Group rows']").click();
    await page.locator("vscode-option", { hasText: "Group: status" }).click();
    await page.locator(".row-group").first().waitFor();
    equal(await page.locator(".waterfall").getAttribute("role"), "treegrid");
    await page.locator(".waterfall").focus();
    await press("Home", "ArrowLeft");
    await page.locator("[aria-rowindex='2'][aria-expanded=false]").waitFor();
    await press("ArrowRight");
    await page.locator("[aria-rowindex='2'][aria-expanded=true]").waitFor();
  });

  it("shows lanes: a line for each connection with all its requests, and opens one by keyboard", async () => {
    await open();
    await page.locator("vscode-dropdown[aria-label='Group rows']").click();
    await page.locator("vscode-option", { hasText: "Lanes: connection" }).click();
    await page.locator(".row-group[aria-expanded=false]").nth(5).waitFor();
    equal(await page.locator(".row-group").count(), await page.locator(ROW).count(), "every group is folded");
    const painted = () =>
      page.evaluate(() => {
        const canvas = document.querySelector<HTMLCanvasElement>(".bars")!;
        const { data } = canvas.getContext("2d")!.getImageData(0, 26, canvas.width, 26);
        return data.reduce((sum, value) => sum + value, 0);
      });
    ok((await painted()) > 0, "the second lane has its requests on its line");
    await page.locator(".waterfall").focus();
    await press("Home", "ArrowRight");
    await page.locator("[aria-rowindex='2'][aria-expanded=true]").waitFor();
    await page.locator("[aria-rowindex='3'] .cell-method", { hasText: "GET" }).waitFor();
    await press("ArrowLeft");
    await page.locator("[aria-rowindex='2'][aria-expanded=false]").waitFor();
  });

  it("follows a recording to its newest row, holds still when paused, and goes on", async () => {
    await open({ query: { mode: "recording", count: 400, first: 4 } });
    await page.evaluate(() => window.fixture.host.grow(200));
    await page.locator("[aria-rowindex='205']").waitFor();
    await press(" ");
    await page.evaluate(() => window.fixture.host.grow(50));
    await page.getByText("Paused, 50 new").waitFor();
    equal(await page.locator("[aria-rowindex='255']").count(), 0);
    await press(" ");
    await page.locator("[aria-rowindex='255']").waitFor();
  });

  it("does not jump while a recording goes on and one looks at an older row", async () => {
    await open({ query: { mode: "recording", count: 400, first: 200 } });
    await press("Home");
    await selectedRow(2).waitFor();
    await page.evaluate(() => window.fixture.host.grow(50));
    await page.waitForFunction(() => document.querySelector(".filter-matches")!.textContent === "250");
    await page.locator("[aria-rowindex='2']:not(.row-spare)").waitFor();
  });

  it("keeps a chosen row in sight while a recording goes on whose rows all were", async () => {
    await open({ height: 600, query: { mode: "recording", count: 400, first: 12 } });
    await page.locator(ROW).first().click();
    await page.locator(".detail h2").waitFor();
    await page.evaluate(() => window.fixture.host.grow(200));
    await page.waitForFunction(() => document.querySelector(".filter-matches")!.textContent === "212");
    await page.locator(".row-selected .cell-number", { hasText: /^1$/ }).waitFor();
    await page.waitForFunction(() => {
      const row = document.querySelector(".row-selected")!.getBoundingClientRect();
      const room = document.querySelector(".waterfall")!.getBoundingClientRect();
      return row.top >= room.top - 1 && row.bottom <= room.bottom + 1;
    });
  });

  it("is where it was after a reload: filter, span, selection", async () => {
    await open();
    await press("/");
    await page.keyboard.type("images");
    await press("Enter", "Escape");
    await page.waitForFunction(() => /of 60/.test(document.querySelector(".filter-matches")!.textContent!));
    await press("Home", "ArrowDown");
    const second = selectedRow(3);
    await second.waitFor();
    // Until the details of the second have come, those of the first are shown.
    const path = (await second.locator(".cell-path").textContent())!;
    const title = page.locator(".detail h2", { hasText: path });
    await title.waitFor();
    const request = Number(await second.locator(".cell-number").innerText()) - 1;
    await page.waitForFunction((selected) => {
      const saved = JSON.parse(sessionStorage.getItem("fixture state") ?? "{}");
      return saved.view?.filter === "images" && saved.selected === selected;
    }, request);
    const before = await matches();
    await page.reload();
    await Promise.all([second.waitFor(), title.waitFor()]);
    equal(await page.locator(".filter-input").inputValue(), "images");
    equal(await matches(), before);
  });

  it("shows a request that the host reveals, even if a filter hides it", async () => {
    await open({ query: { count: 300 } });
    await press("/");
    await page.keyboard.type("calendar");
    await press("Enter");
    await page.waitForFunction(() => /of 300/.test(document.querySelector(".filter-matches")!.textContent!));
    await page.evaluate(() => window.fixture.host.reveal(250));
    await page.locator(".row-selected .cell-number", { hasText: "251" }).waitFor();
  });

  it("says what there is instead of rows: nothing recorded, being read, refused", async () => {
    const shown = async (mode: string, text: string) => {
      page = await browser.open({ query: { mode } });
      await page.getByText(text).first().waitFor();
      await page.context().close();
    };
    page = await browser.open({ query: { mode: "none" } });
    await page.getByText("No session yet").waitFor();
    equal(await page.locator(".waterfall .tick").count(), 0, "an axis without a session");
    await page.context().close();
    await shown("loading", "Reading the session");
    await shown("error", "EACCES");
  });

  it("lists the lines that could not be used", async () => {
    await open({ query: { problems: 3 } });
    await page.getByText("3 problems").click();
    const lines = page.locator("dialog[open] tr");
    await lines.nth(2).waitFor();
    equal(await lines.count(), 3);
    equal(await lines.first().textContent(), "server.ndjson:2not JSON: <b>torn</b>");
    await press("Escape");
    await page.locator("dialog[open]").waitFor({ state: "detached" });
  });

  it("tells what is known of the clocks by keyboard, as a chart and as text, and leads to what contradicts it", async () => {
    await open();
    await page.locator("button.clocks", { hasText: "Server clock 1.2 ms ahead ± 0.1 ms" }).waitFor();
    await press("k");
    const dialog = page.locator("dialog[open]");
    await dialog.locator("svg[role=img][aria-label*='1 step']").waitFor();
    equal(await dialog.locator(".offset-step").count(), 1);
    equal(await dialog.locator(".offset-table tbody tr").count(), 2);
    deepEqual(await violated(), []);
    await dialog.getByText("reached the server 1.8 ms before it was sent").waitFor();
    await dialog.locator(".clocks-list button").focus();
    await press("Enter");
    await dialog.waitFor({ state: "detached" });
    await selectedRow(14).waitFor();
    await page.locator(".waterfall").focus();
    await press("r");
    await page.getByText("Raw clocks").waitFor();
  });

  it("tells by keyboard what differs in the slow ones, and shows those that have it", async () => {
    await open();
    await page.getByRole("button", { name: "What differs" }).waitFor();
    await press("v");
    const dialog = page.locator("dialog[open]");
    await dialog
      .getByText("Of 1,240 requests the slowest 62 take 402 ms or more, for 41.0 ms at the median.")
      .waitFor();
    deepEqual(await dialog.locator("tbody tr").first().locator("th, td").allInnerTexts(), [
      ...["Route", "GET /cgi-bin/calendar.cgi", "78.4 %", "0.3 %", "0.97", "Filter"],
    ]);
    equal(await dialog.locator("tbody tr").count(), 2);
    deepEqual(await violated(), []);
    await dialog.getByRole("button", { name: "Filter: Route" }).focus();
    await press("Enter");
    await dialog.waitFor({ state: "detached" });
    await page.waitForFunction(
      () => document.querySelector<HTMLInputElement>(".filter-input")!.value === "path:/cgi-bin/calendar.cgi",
    );
    await page.locator(".waterfall").focus();
    await press("v");
    await dialog.getByText("Slow requests wait in their own code.").waitFor();
    await press("Escape");
    await dialog.waitFor({ state: "detached" });
  });

  it("takes hostile texts for texts", async () => {
    await open();
    await page.evaluate(() => {
      const { dictionary, texts } = window.fixture.store.columns;
      dictionary[texts.path[3]!] = "/<img src=x onerror='document.title=1'>\u202e</script>";
    });
    // The rows are asked for anew, and the keys must not come before them.
    await press("r");
    await page.locator("[aria-rowindex='5'] .cell-path", { hasText: "<img" }).waitFor();
    await press("Home", "ArrowDown", "ArrowDown", "ArrowDown");
    await page.locator(".detail h2", { hasText: "<img" }).waitFor();
    equal(await page.locator("#app img").count(), 0);
    equal(await page.title(), "Request Timeline");
  });

  for (const theme of ["dark", "light", "hc-dark", "hc-light"]) {
    it(`is accessible with its details, groups and help open (${theme})`, async () => {
      await open({ query: { theme } });
      await page.locator("vscode-dropdown[aria-label='Group rows']").click();
      await page.locator("vscode-option", { hasText: "Group: page" }).click();
      await page.locator(".row-group").first().waitFor();
      await page.locator(".waterfall").focus();
      await press("Home", "ArrowDown");
      await page.locator(".detail h2").waitFor();
      await page.evaluate(axe);
      const violations = () =>
        page.evaluate(async () => {
          const { violations } = await (
            window as unknown as {
              axe: {
                run(): Promise<{ violations: { id: string; nodes: { html: string; failureSummary: string }[] }[] }>;
              };
            }
          ).axe.run();
          return violations.map(
            ({ id, nodes }) =>
              `${id}: ${nodes.map(({ html, failureSummary }) => `${html.slice(0, 160)} ${failureSummary}`).join("\n")}`,
          );
        });
      deepEqual(await violations(), []);
      await press("?");
      await page.locator("dialog[open]").waitFor();
      deepEqual(await violations(), []);
      await press("Escape", "b");
      await page.locator("dialog.compare[open] .pair-table").waitFor();
      deepEqual(await violations(), []);
    });
  }

  it("takes a new theme's colours at once, bars included", async () => {
    await open();
    const colours = () =>
      page.evaluate(() => {
        const canvas = document.querySelector<HTMLCanvasElement>(".bars")!;
        const pixels = new Uint32Array(
          canvas.getContext("2d")!.getImageData(0, 0, canvas.width, canvas.height).data.buffer,
        );
        return [...new Set(pixels)].sort();
      });
    const dark = await colours();
    await page.evaluate(() => window.fixture.setTheme("light"));
    await page.waitForFunction((before) => {
      const canvas = document.querySelector<HTMLCanvasElement>(".bars")!;
      const pixels = new Uint32Array(
        canvas.getContext("2d")!.getImageData(0, 0, canvas.width, canvas.height).data.buffer,
      );
      return JSON.stringify([...new Set(pixels)].sort()) !== before;
    }, JSON.stringify(dark));
  });

  for (const [width, ratio] of [
    [320, 1],
    [640, 1.5],
    [1440, 2],
  ] as const) {
    it(`is sharp and unbroken at ${width} px and ${ratio} device pixels a pixel`, async () => {
      await open({ width, ratio, height: 700 });
      const sizes = await page.evaluate(() => {
        const canvas = document.querySelector<HTMLCanvasElement>(".bars")!;
        return {
          css: canvas.getBoundingClientRect().width,
          device: canvas.width,
          page: document.documentElement.scrollWidth,
        };
      });
      equal(sizes.device, Math.round(sizes.css * ratio));
      ok(sizes.page <= width, "nothing sticks out");
      ok(sizes.css >= width / 4, `${sizes.css} px are left for the bars`);
    });
  }

  it("stays under 256 KB a message with 20,000 requests, wherever it is scrolled", async () => {
    await open({ query: { count: 20_000 } });
    await press("0");
    await page.waitForFunction(() => document.querySelector(".filter-matches")!.textContent === "20,000");
    await press("End");
    await page.locator("[aria-rowindex='20001']").waitFor();
    for (let scroll = 0; scroll < 5; scroll++) await press("PageUp", "PageUp");
    const { largest } = await page.evaluate(() => window.fixture.host.traffic);
    ok(largest < 256 * 1_024, `${largest} bytes`);
  });
});
