/** The HTML report that the built command writes, in a real browser without a network. */
import { deepEqual, doesNotMatch, equal, match, ok } from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { Browser, Page } from "playwright-core";
import { launchChromium } from "../../scripts/lib/launch.mjs";
import { clientRecord, header, logText, requestId, serverRecord } from "../unit/engine/sample-logs";

const CLI = join(__dirname, "../../dist/cli.js");
const ROW = ".row:not(.row-spare)";
const REQUESTS = 40;
const axe = readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");

/** Every way that we know of to get out of a text in HTML, a script, JSON or an attribute. */
const HOSTILE = [
  "</script><script>window.owned=1</script>",
  "<!--<script>window.owned=1",
  "<img src=http://127.0.0.1:9/x onerror=window.owned=1>",
  "\"'><svg/onload=window.owned=1>",
  "\u2028\u2029;window.owned=1//",
  "</title></style><base href=http://127.0.0.1:9/>",
  "{{constructor.constructor('window.owned=1')()}}",
];

function writeSession(folder: string): void {
  mkdirSync(folder, { recursive: true });
  const numbers = Array.from({ length: REQUESTS }, (_, at) => at + 1);
  const hostile = (number: number): string => HOSTILE[number % HOSTILE.length]!;
  const source = (number: number) =>
    ({ type: "source", seq: number, id: 1, name: hostile(0), file: hostile(2), line: 7, confidence: 1 }) as const;
  writeFileSync(
    join(folder, "server.ndjson"),
    `${logText(
      header("server", { host: hostile(3), commit: hostile(0) }),
      source(1),
      ...numbers.map((number) =>
        serverRecord(number + 1, number * 1_000, {
          id: requestId(number),
          target: `/${hostile(number)}`,
          route: hostile(number),
          handler: 1,
          host: hostile(number),
          children: [{ kind: "http", name: hostile(number), duration: 5 }],
          ...(number % 9 === 0 && { status: 500 }),
        }),
      ),
    )}${hostile(0)}\n`,
  );
  writeFileSync(
    join(folder, "client.ndjson"),
    logText(
      header("client"),
      ...numbers.map((number) =>
        clientRecord(number, number * 1_000 - 20, {
          id: requestId(number),
          method: number % 5 ? "GET" : hostile(number),
          url: `http://h/${hostile(number)}`,
          responseEnd: 1_700_000_000_000_000 + number * 1_000 + 90 + number,
          ...(number % 9 === 0 && { status: 500 }),
          ...(number === 3 && { error: hostile(1) }),
        }),
      ),
    ),
  );
}

describe("the report's file", () => {
  let browser: Browser;
  let page: Page;
  let folder: string;
  let file: string;
  const requested: string[] = [];
  const faults: string[] = [];

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), "request-timeline-report-"));
    const session = join(folder, "<img src=x onerror=window.owned=1>");
    writeSession(session);
    file = join(folder, "report.html");
    equal(execFileSync(process.execPath, [CLI, "report", session, "--html", file], { encoding: "utf8" }), "");
    browser = await launchChromium();
  });
  after(async () => {
    await browser?.close();
    rmSync(folder, { recursive: true, force: true });
  });
  afterEach(() => page?.context().close());

  async function open(options: Parameters<Browser["newContext"]>[0] = {}): Promise<void> {
    const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, offline: true, ...options });
    context.setDefaultTimeout(90_000);
    page = await context.newPage();
    requested.length = 0;
    faults.length = 0;
    page.on("request", (request) => requested.push(request.url()));
    page.on("pageerror", (error) => faults.push(error.message));
    page.on("console", (message) => faults.push(message.text()));
    await page.goto(pathToFileURL(file).href);
  }

  async function openLive(options?: Parameters<Browser["newContext"]>[0]): Promise<void> {
    await open(options);
    await page.locator(ROW).first().waitFor();
  }

  const violations = () =>
    page.evaluate(async () => {
      type Axe = { run(): Promise<{ violations: { id: string; nodes: { html: string }[] }[] }> };
      const found = (await (window as unknown as { axe: Axe }).axe.run()).violations;
      return found.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 160)).join("\n")}`);
    });

  it("opens without a network, and asks for nothing but itself", async () => {
    await openLive();
    await page.locator(ROW).nth(3).click();
    await page.locator(".detail h2").waitFor();
    deepEqual(requested, [pathToFileURL(file).href]);
    deepEqual(faults, [], "nothing is said of its policy, either");
  });

  it("runs nothing that a log's text would have it run, and loads nothing", async () => {
    await openLive();
    for (const at of [0, 1, 2, 4]) {
      const path = (await page.locator(ROW).nth(at).locator(".cell-path").textContent())!;
      await page.locator(ROW).nth(at).click();
      await page.locator(".detail h2", { hasText: path }).waitFor();
    }
    equal(await page.evaluate(() => (window as unknown as { owned?: number }).owned), undefined);
    equal(await page.locator("img, base, svg[onload], iframe, object, embed, link").count(), 0);
    equal(await page.title(), "<img src=x onerror=window.owned=1> · Request Timeline");
    equal(await page.locator("script").count(), 2, "the two that are named by hash; the data is taken up");
  });

  it("has a policy that names what may run by hash, and that holds", async () => {
    await openLive();
    const policy = (await page.locator("meta[http-equiv]").getAttribute("content")) ?? "";
    match(policy, /^default-src 'none'; script-src( 'sha256-[\w+/=]+'){2}; style-src( 'sha256-[\w+/=]+'){2};/);
    doesNotMatch(policy, /unsafe|https?:|\*|data:/);
    const broken = await page.evaluate(async () => {
      const found: string[] = [];
      addEventListener("securitypolicyviolation", (event) => found.push(event.effectiveDirective));
      const script = document.createElement("script");
      script.textContent = "window.owned = 1";
      const style = document.createElement("style");
      style.textContent = "body { display: none }";
      const image = new Image();
      image.src = "data:image/gif;base64,R0lGODlhAQABAAAAACwAAAAAAQABAAA=";
      document.body.append(script, style, image);
      document.body.setAttribute("style", "display: none");
      document.body.setAttribute("onclick", "window.owned = 1");
      document.body.click();
      await fetch("http://127.0.0.1:9/").catch(() => undefined);
      // Each is told in a task of its own, at some time.
      for (const end = performance.now() + 10_000; found.length < 6 && performance.now() < end; )
        await new Promise((resolve) => setTimeout(resolve, 20));
      return { found: found.sort(), shown: getComputedStyle(document.body).display, owned: "owned" in window };
    });
    deepEqual(broken, {
      found: ["connect-src", "img-src", "script-src-attr", "script-src-elem", "style-src-attr", "style-src-elem"],
      shown: "block",
      owned: false,
    });
  });

  it("is the panel's page: filters, sorts, groups, zooms, and shows a request's details; it opens nothing", async () => {
    await openLive();
    await page.locator(".filter-input").fill("status:500");
    await page.waitForFunction(() => /^4 of 40/.test(document.querySelector(".filter-matches")!.textContent!));
    await page.locator(".filter-input").fill("");
    await page.waitForFunction(() => document.querySelector(".filter-matches")!.textContent === "40");
    const sort = page.locator(".sort", { hasText: "R C" });
    await sort.click();
    await page.waitForFunction(() => document.querySelector("[aria-sort=descending]"));
    await page.locator("[aria-rowindex='2'] .cell-number", { hasText: String(REQUESTS) }).waitFor();
    await page.locator(ROW).first().click();
    await page.locator(".detail h2").waitFor();
    match(await page.locator(".detail").innerText(), /server\.ndjson:42/);
    doesNotMatch(await page.locator(".detail").innerText(), new RegExp(folder), "no path of the machine");
    equal(
      await page
        .locator(".detail")
        .getByText(":7")
        .evaluate((place) => place.closest("button")),
      null,
    );
    equal(await page.getByText("Export…").count(), 0);
    equal(await page.getByText("Open session…").count(), 0);
  });

  it("copies, and leaves the keys outside of the timeline to the document", async () => {
    await openLive({ permissions: ["clipboard-read", "clipboard-write"] });
    await page.keyboard.press("End");
    await page.waitForFunction(() => scrollY > 0);
    equal(await page.locator("[role=row][aria-selected=true]").count(), 0);
    await page.locator(".waterfall").focus();
    await page.keyboard.press("Home");
    await page.locator(".detail h2").waitFor();
    await page.keyboard.press("c");
    await page.waitForFunction(async () => /Q Net,Client/.test(await navigator.clipboard.readText()));
  });

  it("has the charts, and saves one as a picture", async () => {
    await openLive();
    await page.getByRole("button", { name: "Charts", exact: true }).click();
    await page.locator(".chart svg").first().waitFor();
    const download = page.waitForEvent("download");
    await page.locator(".chart").first().getByRole("button", { name: /SVG/ }).click();
    const saved = await download;
    match(saved.suggestedFilename(), /\.svg$/);
    match(readFileSync(await saved.path(), "utf8"), /^<svg [\s\S]*<\/svg>\s*$/);
    deepEqual(faults, []);
    await page.evaluate(axe);
    deepEqual(await violations(), []);
  });

  it("is readable where scripts do not run", async () => {
    await open({ javaScriptEnabled: false });
    match(await page.locator("h1").innerText(), /<img src=x/);
    equal(await page.locator("main section, main .report-table").first().isVisible(), true);
    ok((await page.locator("main").innerText()).includes("40 requests"));
    match(await page.locator("#report-inert").innerText(), /do not run here/);
    ok((await page.locator(".picture svg rect").count()) > 10);
  });

  for (const colorScheme of ["light", "dark"] as const)
    for (const width of [1280, 700])
      it(`has nothing that axe objects to: ${colorScheme}, ${width} px wide`, async () => {
        await openLive({ colorScheme, viewport: { width, height: 800 } });
        await page.locator("summary").click();
        await page.locator(ROW).first().click();
        await page.locator(".detail h2").waitFor();
        const ground = await page.evaluate(() => getComputedStyle(document.body).backgroundColor);
        equal(ground, colorScheme === "light" ? "rgb(255, 255, 255)" : "rgb(31, 31, 31)");
        ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), "no scrolling sideways");
        await page.evaluate(axe);
        deepEqual(await violations(), []);
      });
});
