/**
 * The panel over a session of many requests, in a real browser with the real engine: time to the first complete
 * picture, painted frames over scripted zooming, panning and scrolling, time from sorting and filtering to their rows,
 * bytes over the channel. Controls in the same run: frames of an empty page, and of a page that draws every request in
 * every frame, as a timeline without level of detail does. At the end a public viewer with as many of the requests as it
 * can bear, beside ours.
 * Run: npm run build && npx tsx bench/timeline.ts [requests] [seconds a scene] [requests for the public viewer]
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { chromium, type Page } from "playwright-core";
import { FLAGS } from "../scripts/lib/launch.mjs";
import { BenchHost } from "./timeline/host";
import { makeSession } from "./timeline/make";
import { buildPage, opened, press } from "./timeline/page";
import { besidePublicViewer } from "./timeline/viewer";

const requests = Number(process.argv[2] ?? 1_000_000);
const seconds = Number(process.argv[3] ?? 8);
/** A public viewer needed a minute and 4 GB for a million in a trial; 0: it is left out. */
const viewed = Math.min(requests, Number(process.argv[4] ?? 300_000));
const root = resolve(__dirname, "..");
const folder = mkdtempSync(join(tmpdir(), "request-timeline-bench-"));

const quantile = (values: readonly number[], part: number) =>
  [...values].sort((a, b) => a - b)[Math.floor((values.length - 1) * part)] ?? Number.NaN;
const ms = (value: number) => value.toFixed(1).padStart(8);
const say = (line: string) => process.stdout.write(`${line}\n`);

function frameLine(name: string, gaps: readonly number[]): void {
  const [median, p95, p99] = [0.5, 0.95, 0.99].map((part) => quantile(gaps, part));
  say(
    `${name.padEnd(34)} ${String(gaps.length).padStart(6)} ${ms(median!)} ${ms(p95!)} ${ms(p99!)} ${ms(Math.max(...gaps))}`,
  );
}

/** What a hand does in each scene, once a frame. */
const SCENES: Record<string, (frame: number) => void> = {
  "zoom by wheel": (frame) => {
    const canvas = document.querySelector(".bars")!;
    const box = canvas.getBoundingClientRect();
    const deltaY = frame % 120 < 60 ? -90 : 90;
    const at = { clientX: box.left + box.width * 0.4, clientY: box.top + 100 };
    canvas.dispatchEvent(new WheelEvent("wheel", { ...at, deltaY, ctrlKey: true, bubbles: true, cancelable: true }));
  },
  "pan by wheel": (frame) => {
    const deltaX = frame % 120 < 60 ? 40 : -40;
    document
      .querySelector(".bars")!
      .dispatchEvent(new WheelEvent("wheel", { deltaX, bubbles: true, cancelable: true }));
  },
  "scroll by 3 rows a frame": (frame) => {
    document.querySelector(".waterfall")!.scrollTop += frame % 240 < 120 ? 78 : -78;
  },
  "drag the scroll bar": (frame) => {
    const rows = document.querySelector(".waterfall")!;
    rows.scrollTop = (0.5 + 0.5 * Math.sin(frame / 90)) * (rows.scrollHeight - rows.clientHeight);
  },
  "walk by arrow keys": () => {
    document
      .querySelector(".waterfall")!
      .dispatchEvent(new KeyboardEvent("keydown", { key: "ArrowDown", bubbles: true }));
  },
};

const frames = (page: Page, action: (frame: number) => void) =>
  page.evaluate(`window.bench.frames(${seconds * 1_000}, ${action.toString()})`) as Promise<number[]>;

async function open(page: Page, url: string): Promise<number> {
  const from = performance.now();
  await page.goto(url);
  await opened(page);
  return performance.now() - from;
}

const shown = (page: Page, action: () => void) =>
  page.evaluate(`window.bench.shown(${action.toString()})`) as Promise<{ first: number; whole: number }>;

/** Every request drawn in every frame: client line, parse, process, send. */
async function naive(page: Page): Promise<number[]> {
  return (await page.evaluate(`(async () => {
    const canvas = document.createElement("canvas");
    canvas.width = 1440; canvas.height = 700;
    document.body.append(canvas);
    const context = canvas.getContext("2d");
    const starts = Float64Array.from({ length: ${requests} }, (_, at) => at * 300);
    const gaps = [];
    let before = await new Promise(requestAnimationFrame);
    for (let frame = 0; frame < 5; frame++) {
      context.clearRect(0, 0, 1440, 700);
      const scale = (1440 / (starts.length * 300)) * (1 + frame / 10);
      for (const [colour, from, width] of [["#ccc", 0, 9000], ["#b180d7", 80, 50], ["#3794ff", 130, 8000], ["#89d185", 8130, 30]]) {
        context.fillStyle = colour;
        for (let at = 0; at < starts.length; at++)
          context.fillRect((starts[at] + from) * scale, (at % 350) * 2, Math.max(1, width * scale), 1);
      }
      const now = await new Promise(requestAnimationFrame);
      gaps.push(now - before);
      before = now;
    }
    return gaps;
  })()`)) as number[];
}

async function panel(out: string): Promise<void> {
  say(
    `${requests.toLocaleString("en")} requests, client and server log; ${seconds} s a scene; software rendering, 1440 × 900`,
  );
  const paths = makeSession(folder, requests);
  const from = performance.now();
  const host = await BenchHost.start(join(root, "dist/engine.js"), paths, out);
  const loaded = performance.now() - from;
  const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args: FLAGS });
  try {
    const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
    page.on("pageerror", (error) => say(`the page failed: ${error.stack}`));
    const first = await open(page, host.url);
    say(
      `engine has read the bare logs after ${(loaded / 1_000).toFixed(2)} s; first complete picture ${(first / 1_000).toFixed(2)} s after that (goal: both under 4 s)`,
    );
    say(
      `\n${"painted frames, ms".padEnd(34)}  count   median      p95      p99    worst   (goal: median ≤ 17, p99 ≤ 33)`,
    );
    await press(page, "0");
    await page.waitForFunction(
      (all) => document.querySelector(".filter-matches")!.textContent === all,
      requests.toLocaleString("en"),
    );
    const all: number[] = [];
    for (const [name, action] of Object.entries(SCENES)) {
      const gaps = await frames(page, action);
      frameLine(name, gaps);
      all.push(...gaps);
      await press(page, "0");
    }
    frameLine("all of them", all);
    await page.evaluate(() => {
      const group = document.querySelector<HTMLElement & { value: string }>(
        "vscode-dropdown[aria-label='Group rows']",
      )!;
      group.value = "lanes:connection";
      group.dispatchEvent(new Event("change"));
    });
    await page.locator(".row-group").first().waitFor();
    frameLine("zoom by wheel over 32 lanes", await frames(page, SCENES["zoom by wheel"]!));
    await page.evaluate(() => {
      const group = document.querySelector<HTMLElement & { value: string }>(
        "vscode-dropdown[aria-label='Group rows']",
      )!;
      group.value = "none";
      group.dispatchEvent(new Event("change"));
    });
    await page.locator(".row-group").first().waitFor({ state: "detached" });
    await press(page, "0");
    const empty = await browser.newPage({ viewport: { width: 1440, height: 900 } });
    await empty.goto("about:blank");
    const still = (await empty.evaluate(`(async () => {
      const gaps = []; let before = await new Promise(requestAnimationFrame); const end = performance.now() + 3000;
      while (performance.now() < end) { const now = await new Promise(requestAnimationFrame); gaps.push(now - before); before = now; }
      return gaps;
    })()`)) as number[];
    frameLine("control: an empty page", still);
    frameLine("peer: every request, every frame", await naive(empty));
    await empty.close();

    say(
      `\n${"from the click to the screen, ms".padEnd(34)}    first      all   (goal: first rows under 100, all under 300)`,
    );
    const time = async (what: string, action: string) => {
      const { first, whole } = await shown(page, action as unknown as () => void);
      say(`${what.padEnd(34)} ${ms(first)} ${ms(whole)}`);
    };
    for (const title of ["R C", "Path", "#"])
      await time(
        `sort by ${title}`,
        `() => [...document.querySelectorAll(".sort")].find((b) => b.textContent.startsWith("${title}")).click()`,
      );
    for (const filter of ["rc:>100ms", "status:>=500", "path:/items/7*", ""])
      await time(
        `filter ${filter || "(none)"}`,
        `() => { const i = document.querySelector(".filter-input"); i.value = ${JSON.stringify(filter)}; i.dispatchEvent(new KeyboardEvent("keydown", { key: "Enter", bubbles: true })); }`,
      );
    say("\nbytes over the channel            messages    total kB  largest kB   (goal: no view over 256 KB)");
    for (const [method, { messages, total, largest }] of host.bytes)
      say(
        `${method.padEnd(34)} ${String(messages).padStart(8)} ${(total / 1_024).toFixed(0).padStart(11)} ${(largest / 1_024).toFixed(1).padStart(11)}`,
      );
  } finally {
    await browser.close();
    await host.close();
  }
}

async function main(): Promise<void> {
  const out = await buildPage(folder);
  await panel(out);
  if (viewed > 0) await besidePublicViewer(viewed, folder, out, say);
}

main()
  .catch((error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
    process.exitCode = 1;
  })
  .finally(() => rmSync(folder, { recursive: true, force: true }));
