/** The pictures of `npm run screenshots`: the examples' timelines in four themes, and every chart, to out/screenshots. */
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { Frame } from "playwright-core";
import { recordCampus } from "../../scripts/lib/campus.mjs";
import { chartScreenshots } from "./chart-screenshots";
import { expressScreenshots } from "./express-screenshots";
import { recordOtherHost } from "./second-clock";
import { Window } from "./window";

const out = join(__dirname, "../../out/screenshots");
const THEMES = {
  light: "Light Modern",
  dark: "Dark Modern",
  "hc-dark": "Dark High Contrast",
  "hc-light": "Light High Contrast",
};
/** What a webview's body says of its theme. */
const KINDS: Record<string, string> = {
  light: "vscode-light",
  dark: "vscode-dark",
  "hc-dark": "vscode-high-contrast",
  "hc-light": "vscode-high-contrast-light",
};
const SIZES = { wide: { width: 1440, height: 900 }, narrow: { width: 900, height: 700 } };

/** Two frames: the canvas is painted in the first one after the last change. */
const painted = (page: Frame): Promise<unknown> =>
  page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));

const ROW = '[role="row"][aria-rowindex]:has([role="gridcell"])';

async function screenshots(): Promise<void> {
  mkdirSync(out, { recursive: true });
  const window = await Window.open({
    scale: 2,
    prepare: async (workspace) => {
      recordCampus(workspace, "campus");
    },
  });
  try {
    await window.ready();
    await window.command("Request Timeline: Open Timeline");
    for (const [theme, label] of Object.entries(THEMES)) {
      await window.theme(label);
      for (const [size, viewport] of Object.entries(SIZES)) {
        await window.page.setViewportSize(viewport);
        const page = await window.webview('[role="row"]:has-text("/campus.css")');
        await page.locator(`body[data-vscode-theme-kind="${KINDS[theme]}"]`).waitFor();
        await page.locator(".waterfall").focus();
        await window.page.keyboard.press("Home");
        await page.locator("section.detail h2").waitFor();
        await painted(page);
        await window.page.screenshot({ path: join(out, `${theme}-${size}.png`) });
      }
      await window.page.setViewportSize(SIZES.wide);
    }
  } finally {
    await window.close();
  }
}

/** The campus as recorded with a server on another clock: whiskers at a zoom that shows them, and what is known of the clocks. */
async function clockPictures(): Promise<void> {
  mkdirSync(out, { recursive: true });
  const window = await Window.open({
    scale: 2,
    prepare: async (workspace) => {
      recordOtherHost(workspace, "other-host");
    },
  });
  try {
    await window.ready();
    await window.command("Request Timeline: Open Timeline");
    for (const [theme, label] of Object.entries(THEMES)) {
      await window.theme(label);
      for (const [size, viewport] of Object.entries(SIZES)) {
        await window.page.setViewportSize(viewport);
        const page = await window.webview(ROW);
        await page.locator(`body[data-vscode-theme-kind="${KINDS[theme]}"]`).waitFor();
        await page.locator(".waterfall").focus();
        await window.page.keyboard.press("0");
        await page.locator(ROW, { hasText: "/campus.css" }).first().waitFor();
        // An image, among the others of its page.
        for (const key of ["Home", "ArrowDown", "ArrowDown", "ArrowDown", "z"]) await window.page.keyboard.press(key);
        await page.locator("section.detail h2").waitFor();
        await painted(page);
        await window.page.screenshot({ path: join(out, `${theme}-clocks-rows-${size}.png`) });
        await window.page.keyboard.press("k");
        await page.locator(".clocks-list li").first().waitFor();
        await window.page.screenshot({ path: join(out, `${theme}-clocks-${size}.png`) });
        await window.page.keyboard.press("Escape");
        await page.locator("dialog[open]").waitFor({ state: "hidden" });
      }
      await window.page.setViewportSize(SIZES.wide);
    }
  } finally {
    await window.close();
  }
}

const PICTURES: Record<string, () => Promise<void>> = {
  panel: screenshots,
  charts: () => chartScreenshots(join(out, "charts")),
  clocks: clockPictures,
  express: () => expressScreenshots(out, THEMES),
};

/** Those of this name, or all. */
async function chosen(name: string | undefined): Promise<void> {
  if (name !== undefined && !(name in PICTURES))
    throw new Error(`no pictures are named ${name}: ${Object.keys(PICTURES).join(", ")} are`);
  for (const [key, make] of Object.entries(PICTURES)) if (name === undefined || name === key) await make();
}

chosen(process.argv[2]).then(
  () => process.stdout.write(`${out}\n`),
  (error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.stack : error}\n`);
    process.exitCode = 1;
  },
);
