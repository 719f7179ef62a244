/** The panel's page for a browser without VS Code, with the bench's bridge to the engine. */
import { mkdirSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { build } from "esbuild";
import type { Page } from "playwright-core";

const root = resolve(__dirname, "../..");

const HTML = `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>bench</title><link rel="stylesheet" href="webview.css"></head>
<body><div id="app"></div><script src="bridge.js"></script><script src="webview.js"></script></body></html>`;

/** Into a folder of the given one, which is returned. */
export async function buildPage(folder: string): Promise<string> {
  const out = join(folder, "page");
  mkdirSync(out);
  const options = { bundle: true, format: "iife", target: "es2022", minify: true } as const;
  await build({ ...options, entryPoints: [join(root, "webview/main.ts")], outfile: join(out, "webview.js") });
  await build({ ...options, entryPoints: [join(root, "webview/style.css")], outfile: join(out, "webview.css") });
  await build({ ...options, entryPoints: [join(root, "bench/timeline/bridge.ts")], outfile: join(out, "bridge.js") });
  writeFileSync(join(out, "index.html"), HTML);
  return out;
}

/** Resolves when the first picture is complete and painted: rows, their bars and the overview. */
export async function opened(page: Page): Promise<void> {
  await page.waitForFunction(
    () =>
      document.querySelector("[aria-rowindex='2'] .cell-path")?.textContent &&
      document.querySelector(".overview-caption")?.textContent,
    undefined,
    { timeout: 300_000 },
  );
  await painted(page);
}

export const painted = (page: Page): Promise<void> =>
  page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => done()))));

/** A key of the waterfall. */
export const press = (page: Page, key: string): Promise<void> =>
  page.evaluate((pressed) => {
    document.querySelector(".waterfall")!.dispatchEvent(new KeyboardEvent("keydown", { key: pressed, bubbles: true }));
  }, key);
