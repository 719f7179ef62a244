import { equal, match, ok } from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import type { Frame } from "playwright-core";
import { type Drawn, drawnRow } from "./drawn";
import { recordOtherHost } from "./second-clock";
import { Window } from "./window";

const root = join(__dirname, "../..");
/** Looks, 50 ms apart. */
const ENOUGH_ALIKE = 10;
const ROW = '[role="row"][aria-rowindex]:has([role="gridcell"])';

describe("two clocks, in a real VS Code", () => {
  let window: Window;
  let page: Frame;

  before(async () => {
    window = await Window.open({
      settings: { "requestTimeline.zone": "-07:00" },
      prepare: async (workspace) => {
        recordOtherHost(workspace, "other-host");
        mkdirSync(join(workspace, "1999"));
        execFileSync(process.execPath, [join(root, "examples/campus-1999/write-logs.mjs"), join(workspace, "1999")]);
      },
    });
  });
  afterEach(async function () {
    if (this.currentTest?.isFailed()) await window.page.screenshot({ path: "out/ui-failed.png" });
  });
  after(() => window?.close());

  const press = (key: string): Promise<void> => window.page.keyboard.press(key);
  const picture = (): Promise<string> =>
    page.evaluate(() => {
      const canvas = [...document.querySelectorAll<HTMLCanvasElement>(".waterfall canvas")].find(
        (one) => one.width > 100,
      );
      return canvas?.toDataURL() ?? "";
    });
  /** The bars once nothing moves any more: the details have taken their room, and all that was asked for is there. */
  async function settled(): Promise<string> {
    let last = await picture();
    for (let same = 0; same < ENOUGH_ALIKE; await delay(50)) {
      const next = await picture();
      same = next === last && next !== "" ? same + 1 : 0;
      last = next;
    }
    return last;
  }
  /** Waits until the bars are painted as wanted. */
  async function painted(what: string, wanted: (picture: string) => boolean): Promise<void> {
    for (const deadline = Date.now() + 20_000; !wanted(await picture()); await delay(50))
      ok(Date.now() < deadline, `the bars are not ${what}`);
  }
  /** Waits until the selected row is drawn as wanted. */
  async function until(what: string, wanted: (drawn: Drawn) => boolean): Promise<Drawn> {
    for (const deadline = Date.now() + 20_000; ; await delay(50)) {
      const drawn = await drawnRow(page);
      if (drawn && wanted(drawn)) return drawn;
      ok(Date.now() < deadline, `the row is not drawn ${what}: ${JSON.stringify(drawn)}`);
    }
  }

  it("are said in a sentence: by how much the server is ahead, its drift and its step", async () => {
    await window.ready();
    await press("Control+Alt+Shift+T");
    page = await window.webview(ROW);
    const sentence = (await page.locator("button.clocks").textContent()) ?? "";
    match(sentence, /^Server clock [23]\.\d+ s ahead ± [\d.]+ ms.*; 1 step at /);
  });

  it("are aligned or raw, by a key: the bars move, and the switch says which", async () => {
    const button = page.locator("button[aria-pressed]", { hasText: /Aligned|Raw clocks/ });
    match((await button.textContent()) ?? "", /^Aligned ± /);
    await page.locator(".waterfall").focus();
    await press("Home");
    await page.locator("section.detail h2").waitFor();
    const aligned = await settled();
    await press("r");
    await page.locator("button[aria-pressed=false]", { hasText: "Raw clocks" }).waitFor();
    await painted("moved", (raw) => raw !== aligned);
    await press("r");
    await page.locator("button[aria-pressed=true]", { hasText: "Aligned" }).waitFor();
    await painted("back", (again) => again === aligned);
  });

  it("leave the ends of a server's bar open: whiskers as wide as that is, where the zoom shows it", async () => {
    await page.locator(".waterfall").focus();
    for (const key of ["Home", "0"]) await press(key);
    await until("without whiskers in the whole session", ({ bar, whiskers }) => bar !== null && whiskers.length === 0);
    await press("z");
    const { bar, whiskers, ...row } = await until("between whiskers", (drawn) => drawn.whiskers.length === 2);
    const pixels = (bar![1] - bar![0]) / row.serverResponse!;
    for (const [at, [from, to]] of whiskers.entries()) {
      ok(Math.abs((from + to) / 2 - bar![at]!) <= 1, `${from} … ${to} around ${bar![at]}`);
      ok(Math.abs(to - from - 2 * row.uncertainty! * pixels) <= 2, `${to - from} pixels for ${row.uncertainty} µs`);
    }
    await press("0");
  });

  it("leave the direction of a request's network open by as much as they are not known", async () => {
    const detail = page.locator("section.detail");
    await detail.locator("h2").waitFor();
    match((await detail.textContent()) ?? "", /up (under [\d.]+|[\d.]+ ± [\d.]+) .* down (under|[\d.]+ ±)/);
  });

  it("are shown over time, with the step, and with the request that contradicts them", async () => {
    await page.locator("button.clocks").click();
    const dialog = page.locator("dialog[aria-label=Clocks]");
    await dialog.locator(".clocks-list li").first().waitFor();
    equal(await dialog.locator(".offset-line").count(), 2);
    equal(await dialog.locator(".offset-step").count(), 1);
    equal(await dialog.locator(".offset-table tbody tr").count(), 2);
    const [against] = await dialog.locator(".clocks-list li").allTextContents();
    match(against ?? "", /reached the server .* before it was sent/);
    await dialog.locator(".clocks-list button").first().click();
    await page.locator("section.detail h2").waitFor();
    ok(!(await dialog.isVisible()));
  });

  it("of 1999 are read from a line of the log by hover, and lead to its row", async () => {
    await window.openSession(join(window.workspace, "1999"));
    page = await window.webview('[role="row"]:has-text("/home/ucd/head-images/header.jpg")');
    await press("Control+p");
    await window.page.keyboard.type("1999/time.txt");
    await window.page.locator(".quick-input-widget .monaco-list-row.focused", { hasText: "time.txt" }).waitFor();
    await press("Enter");
    await window.activeEditor("time.txt").waitFor();
    const line = window.page.locator(".editor-instance:visible .view-line", { hasText: "finished receiving" }).first();
    const hover = window.page.locator(".monaco-hover:visible", { hasText: "Mark 8" }).first();
    /** Again, as a user would, where its request is still being looked up. */
    const hovered = async (): Promise<string> => {
      for (;;) {
        await line.locator("span span").first().hover();
        await hover.waitFor();
        const text = ((await hover.textContent()) ?? "").replaceAll("\u00a0", " ");
        if (!text.includes("hover again")) return text;
        await window.page.mouse.move(1, 1);
        await hover.waitFor({ state: "hidden" });
      }
    };
    const text = await hovered();
    match(text, /R C,Load: Client finished receiving/);
    match(text, /R C [\d.,]+ m?s · R S [\d.,]+ m?s · network/);
    match(text, /Paired by order with /);
    match(text, /The server's clock is .* (ahead of|behind) the client's, ± /);
    await press("Control+Home");
    for (let down = 0; down < 6; down++) await press("Shift+ArrowDown");
    const lines = window.page.locator(".statusbar-item:visible", { hasText: /6 lines · 1 request · 1\.76/ });
    await lines.waitFor();
    await press("Control+Home");
    await lines.waitFor({ state: "hidden" });
    await hovered();
    await hover.locator("a", { hasText: "Show in timeline" }).click();
    page = await window.webview('section.detail h2:has-text("GET /")');
    await page.locator("section.detail", { hasText: /paired by order[\s\S]*R C1,760\.000 ms/ }).waitFor();
  });
});
