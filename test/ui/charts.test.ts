/** The charts page in a real browser, over real logs with the engine itself behind it. */
import { deepEqual, equal, match, ok } from "node:assert/strict";
import { readFileSync } from "node:fs";
import type { Page } from "playwright-core";
import { isPicture } from "../../src/extension/picture";
import { FixtureBrowser, type Look } from "./fixture/browser";
import { campus1999, shop } from "./fixture/logs";

const CARDS = ["day", "latency", "heat", "size", "load", "prediction", "objects", "archive", "hour", "days"];
const axe = readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");

describe("the charts page", () => {
  let browser: FixtureBrowser;
  let page: Page;
  const logs = { campus: campus1999(), shop: shop(2_000) };

  before(async () => {
    browser = await FixtureBrowser.start();
  });
  after(() => browser?.close());
  afterEach(() => page?.context().close());

  const press = (...keys: string[]) =>
    keys.reduce((before, key) => before.then(() => page.keyboard.press(key)), Promise.resolve());
  const card = (id: string) => page.locator(`.chart-${id}`);
  /** Painted, or a sentence why not. */
  const settled = (id: string) => page.locator(`.chart-${id}[aria-busy=false]`).waitFor();

  /** The charts, opened by keyboard. */
  async function open(which: keyof typeof logs, look: Look = {}): Promise<void> {
    page = await browser.open({ height: 2_600, ...look, logs: logs[which] });
    await page.locator(".row:not(.row-spare)").first().waitFor();
    await page.locator(".waterfall").focus();
    await press("2");
    await settled("day");
  }
  async function choose(dropdown: string, option: string): Promise<void> {
    await page.locator(`vscode-dropdown[aria-label='${dropdown}']`).click();
    await page.locator("vscode-option:visible", { hasText: option }).first().click();
  }
  const lastPicture = () =>
    page.evaluate(() => {
      const saved = window.fixture.engine!.actions.filter((action) => "svg" in action).at(-1);
      return saved && "svg" in saved ? saved : null;
    });

  it("is the panel's second page: 2 shows it, 1 the timeline again, and a reload keeps it", async () => {
    await open("shop");
    await page.locator(".middle").waitFor({ state: "hidden" });
    equal(await page.locator(".pages [aria-pressed=true]").textContent(), "Charts");
    await press("1");
    await page.locator(".middle").waitFor();
    await page.locator(".charts").waitFor({ state: "hidden" });
    await page.locator(".pages button", { hasText: "Charts" }).click();
    await page.waitForFunction(() => /"page":"charts"/.test(sessionStorage.getItem("fixture state") ?? ""));
    await page.reload();
    await settled("day");
    await page.locator(".middle").waitFor({ state: "hidden" });
  });

  it("draws every chart of a recording, and says in a sentence why one cannot be drawn", async () => {
    await open("shop");
    for (const id of CARDS) await settled(id);
    for (const id of CARDS.slice(0, -1))
      ok((await card(id).locator(".chart-svg :is(rect, path, circle)").count()) > 3, id);
    match((await card("days").locator(".chart-note").textContent()) ?? "", /All 2,000 requests are of one day/);
    ok(await card("days").locator("button", { hasText: "SVG" }).isDisabled());
  });

  it("shows all six objects of February 1999 by URL, with the front page's peak of 10:30", async () => {
    await open("campus");
    await choose("Series are", "By URL");
    // The front page's text stands there by route as well; an address with a query does not.
    await card("day").getByText("calendar.cgi?2+1999").waitFor();
    const texts = await card("day").locator("svg text").allTextContents();
    for (const end of ["index.html", "calendar.cgi?2+1999", "header.jpg", "gradrules.html", "aboutcamp.gif"])
      ok(
        texts.some((text) => text.endsWith(end)),
        end,
      );
    ok(texts.includes("10:30 3.68 s"), texts.join("|"));
    await choose("Peaks", "all values count");
    await card("day").getByText("10:30 3.68 s").waitFor({ state: "detached" });
    await choose("Series", "/home/ucd/head-images/header.jpg");
    await page.waitForFunction(() =>
      /^1 of 1|: mean R C 8\.73 s/.test(document.querySelector(".chart-day .chart-readout")!.textContent!),
    );
  });

  it("is read by keyboard: arrows walk through a chart's values, Enter shows a request in the timeline", async () => {
    await open("campus");
    await settled("latency");
    const figure = card("latency").locator(".chart-figure");
    const readout = card("latency").locator(".chart-readout");
    await figure.focus();
    match((await readout.textContent())!, /^\d.* to .*: \d+ requests?/);
    const first = await readout.textContent();
    await press("ArrowRight");
    ok((await readout.textContent()) !== first);
    await press("Home");
    equal(await readout.textContent(), first);
    await press("Tab");
    match((await readout.textContent())!, /^R C of 121 requests: mean 3\.58 s, p50 1\.92 s/);
    await card("day").locator(".chart-figure").focus();
    match(
      (await card("day").locator(".chart-readout").textContent())!,
      /^GET \/~dtsai\/index\.html, 10:30 1\.26 s: a peak$/,
    );
    await press("Enter");
    await page.locator(".middle").waitFor();
    await page.locator(".detail h2", { hasText: "/~dtsai/index.html" }).waitFor();
  });

  it("predicts from what it measured, walks from the session to the curves, and says what a prediction takes", async () => {
    await open("shop");
    await settled("prediction");
    match((await card("prediction").locator(".chart-readout").textContent())!, /^What limits is the pool .*1 worker/);
    await card("prediction").locator(".chart-figure").focus();
    const words: string[] = [];
    for (let at = 0; at < 16; at++) {
      words.push((await card("prediction").locator(".chart-readout").textContent())!);
      await press("ArrowRight");
    }
    match(words[0]!, /^Measured: R C [\d.]+ ms at [\d.]+\/s, means of 2,000 requests$/);
    match(words.at(-1)!, /^1 worker at [\d.]+\/s, [\d.]+ % busy: R C /);
    await press("/");
    await page.keyboard.type("path:/nowhere");
    await press("Enter", "Escape");
    await card("prediction").locator(".chart-note", { hasText: "no request here has the server's marks" }).waitFor();
    ok(await card("prediction").locator("button", { hasText: "SVG" }).isDisabled());
  });

  it("has each chart's numbers as a table", async () => {
    await open("shop");
    for (const id of CARDS.slice(0, -1)) {
      await settled(id);
      await card(id).locator("button", { hasText: "Table" }).focus();
      await press("Enter");
      ok((await card(id).locator(".chart-table tbody tr").count()) > 1, id);
    }
    const counted = await card("latency").locator(".chart-table tbody tr td:nth-child(3)").allTextContents();
    const total = counted.reduce((sum, text) => sum + (/^[\d,]+$/.test(text) ? Number(text.replace(",", "")) : 0), 0);
    equal(total, 2_000);
    await card("latency").locator("button", { hasText: "Table" }).click();
    equal(await card("latency").locator(".chart-table").count(), 0);
  });

  const matches = () => page.locator(".filter-matches").textContent();
  /** What the timeline is left with where it had `before`, and whether its filter says what the region was. */
  async function shown(before: string | null): Promise<{ filter: string; requests: number }> {
    await page.locator(".middle").waitFor();
    await page.waitForFunction((text) => {
      const now = document.querySelector(".filter-matches")!.textContent!;
      return now !== text && /of 2,000 in view/.test(now);
    }, before);
    const requests = Number((await page.locator(".filter-matches").textContent())!.split(" ")[0]!.replace(",", ""));
    return { filter: await page.locator(".filter-input").inputValue(), requests };
  }

  it("filters the timeline to what was brushed in the heat map", async () => {
    await open("shop");
    // Those above move it while they come.
    for (const id of CARDS) await settled(id);
    const before = await matches();
    const svg = (await card("heat").locator(".chart-svg").boundingBox())!;
    await page.mouse.move(svg.x + svg.width * 0.5, svg.y + 60);
    await page.mouse.down();
    await page.mouse.move(svg.x + svg.width * 0.75, svg.y + 170, { steps: 4 });
    await page.mouse.up();
    const words = (await card("heat").locator(".chart-region > span").textContent())!;
    match(words, /^\d+ requests with R C from \d/);
    await card("heat").getByText("Show in Timeline").click();
    const { filter, requests } = await shown(before);
    match(filter, /^rc:>=[\d.]+m?s rc:<[\d.]+m?s$/);
    // Requests that began before the region and reach into it are in the timeline's span as well.
    const said = Number(words.split(" ")[0]);
    ok(requests >= said && requests <= said + 5, `${requests} for ${said}`);
    const { domain } = await page.evaluate(() => JSON.parse(sessionStorage.getItem("fixture state") ?? "{}"));
    ok(domain === undefined || domain[1] - domain[0] < 8 * 60e6);
  });

  it("does the same by keyboard: Shift and arrows choose, Escape lets go, Enter shows", async () => {
    await open("shop");
    await settled("heat");
    const before = await matches();
    await card("heat").locator(".chart-figure").focus();
    for (let right = 0; right < 30; right++) await press("ArrowRight");
    for (let up = 0; up < 8; up++) await press("ArrowUp");
    for (let more = 0; more < 12; more++) await press("Shift+ArrowRight", "Shift+ArrowUp");
    await card("heat").locator(".chart-region").waitFor();
    await press("Escape");
    await card("heat").locator(".chart-region").waitFor({ state: "hidden" });
    for (let more = 0; more < 12; more++) await press("Shift+ArrowLeft", "Shift+ArrowDown");
    await press("Enter");
    const { filter, requests } = await shown(before);
    match(filter, /^rc:>=/);
    ok(requests > 0 && requests < 2_000);
  });

  it("charts what the filter lets through, and one series alone", async () => {
    await open("shop");
    await press("/");
    await page.keyboard.type("method:POST");
    await press("Enter", "Escape");
    await page.locator(".charts-scope", { hasText: /^\d+ of 2,000 requests/ }).waitFor();
    await page.waitForFunction(() => !document.querySelector(".chart-day svg")!.textContent!.includes("GET"));
    await choose("Series", "POST /checkout");
    await page.waitForFunction(() => {
      const titles = [...document.querySelectorAll(".chart-day svg text")].map((text) => text.textContent!);
      return titles.some((text) => text === "POST /checkout") && !titles.some((text) => text === "POST /cart");
    });
  });

  it("exports a picture that stands alone, in the theme's colours, without anything that runs", async () => {
    await open("shop", { query: { theme: "light" } });
    for (const id of CARDS.slice(0, -1)) {
      await settled(id);
      await card(id).locator("button", { hasText: "SVG" }).click();
      const picture = (await lastPicture())!;
      ok(isPicture(picture.svg), `${id} is taken by the extension`);
      ok(!/var\(|class=|color\(/.test(picture.svg), "no colour is left to a style sheet");
      match(picture.svg, /<rect width="\d+" height="\d+" fill="rgb\(255, 255, 255\)"\/>/);
      const errors = await page.evaluate(
        (svg) => new DOMParser().parseFromString(svg, "image/svg+xml").querySelectorAll("parsererror").length,
        picture.svg,
      );
      equal(errors, 0, id);
    }
  });

  it("takes hostile names for texts, on the page and in the picture", async () => {
    const name = "/<img src=x onerror='document.title=1'>\u2028&amp;\u0001";
    const files = logs.shop.files.map(({ name: file, text }) => ({
      name: file,
      text: text.replaceAll('"/api/stock"', JSON.stringify(name)).replaceAll("/api/stock", encodeURI(name)),
    }));
    page = await browser.open({ height: 2_600, logs: { name: "<b>hostile</b>", files } });
    await page.locator(".row:not(.row-spare)").first().waitFor();
    await page.locator(".waterfall").focus();
    await press("2");
    for (const id of ["day", "archive"]) {
      await settled(id);
      await card(id).locator("button", { hasText: "SVG" }).click();
      ok(isPicture((await lastPicture())!.svg));
    }
    equal(await page.locator("#app img").count(), 0);
    equal(await page.title(), "Request Timeline");
  });

  for (const theme of ["dark", "light", "hc-dark", "hc-light"])
    it(`is accessible with a table open (${theme})`, async () => {
      await open("shop", { query: { theme } });
      for (const id of CARDS) await settled(id);
      await card("hour").locator("button", { hasText: "Table" }).click();
      await page.evaluate(axe);
      const violations = await page.evaluate(async () => {
        type Found = { violations: { id: string; nodes: { html: string; failureSummary: string }[] }[] };
        const { violations: all } = await (window as unknown as { axe: { run(): Promise<Found> } }).axe.run();
        return all.map(({ id, nodes }) => `${id}: ${nodes.map((n) => `${n.html.slice(0, 160)} ${n.failureSummary}`)}`);
      });
      deepEqual(violations, []);
    });

  for (const width of [320, 700])
    it(`fits into ${width} px, every label within its picture`, async () => {
      await open("shop", { width, height: 6_000 });
      for (const id of CARDS) await settled(id);
      ok((await page.evaluate(() => document.documentElement.scrollWidth)) <= width);
      const out = await page.evaluate(() =>
        [...document.querySelectorAll<SVGElement>(".chart-svg")].flatMap((svg) => {
          const room = svg.getBoundingClientRect();
          return [...svg.querySelectorAll("text")]
            .map((text) => [text.textContent, text.getBoundingClientRect()] as const)
            .filter(([, box]) => box.left < room.left - 2 || box.right > room.right + 2 || box.bottom > room.bottom + 2)
            .map(([text]) => text);
        }),
      );
      deepEqual(out, []);
    });
});
