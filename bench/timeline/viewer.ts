/**
 * A public viewer beside ours: speedscope (of bench/package.json) opens the same requests, a profile a connection, in the
 * same browser. Each has a browser of its own, so that the peak of its renderer is its own.
 */
import { cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { chromium, type Page } from "playwright-core";
import { FLAGS } from "../../scripts/lib/launch.mjs";
import { openSession } from "../../src/engine/node/open";
import { assemble } from "../../src/engine/request";
import { BenchHost } from "./host";
import { makeSession } from "./make";
import { opened, painted } from "./page";

const root = resolve(__dirname, "../..");
const RELEASE = join(root, "bench/node_modules/speedscope/dist/release");
const NAME = "requests";
const PATIENCE_MS = 300_000;

interface Opened {
  seconds: number;
  /** Most memory of a renderer, MiB. */
  renderer: number;
}

/** From the address to the first picture, in a browser that ends with it. */
async function firstPicture(url: string, isShown: (page: Page) => Promise<unknown>): Promise<Opened> {
  const executablePath = process.env.CHROMIUM ?? "/usr/bin/chromium";
  const browser = await chromium.launch({ executablePath, args: FLAGS });
  try {
    const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
    const from = performance.now();
    await page.goto(url);
    await isShown(page);
    await painted(page);
    const seconds = (performance.now() - from) / 1000;
    const session = await browser.newBrowserCDPSession();
    const { processInfo } = await session.send("SystemInfo.getProcessInfo");
    const peaks = processInfo.filter(({ type }) => type === "renderer").map(({ id }) => peakOf(id));
    return { seconds, renderer: Math.max(...peaks) };
  } finally {
    await browser.close();
  }
}

/** MiB. */
function peakOf(pid: number): number {
  const [, kilobytes] = /VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, "utf8")) ?? [];
  return Number(kilobytes) / 1024;
}

/** Speedscope's own format: requests of a connection follow one another, the server's part within the client's. */
async function writeProfile(folder: string, file: string): Promise<void> {
  const { store } = await openSession([folder]);
  const frames = new Map<string, number>();
  const frame = (name: string): number => {
    const known = frames.get(name) ?? frames.size;
    frames.set(name, known);
    return known;
  };
  const profiles = new Map<string, { type: "O" | "C"; frame: number; at: number }[]>();
  for (const row of store.spine.rows()) {
    const { connection, url, marks } = assemble(store, row);
    const { requestStart, parseStart, sendEnd, responseEnd } = marks;
    if (requestStart === null || parseStart === null || sendEnd === null || responseEnd === null) continue;
    const events = profiles.get(connection ?? "") ?? [];
    profiles.set(connection ?? "", events);
    const [whole, server] = [frame(url), frame("R S")];
    events.push({ type: "O", frame: whole, at: requestStart - store.base });
    events.push({ type: "O", frame: server, at: parseStart - store.base });
    events.push({ type: "C", frame: server, at: sendEnd - store.base });
    events.push({ type: "C", frame: whole, at: responseEnd - store.base });
  }
  const profile = {
    $schema: "https://www.speedscope.app/file-format-schema.json",
    name: NAME,
    shared: { frames: [...frames.keys()].map((name) => ({ name })) },
    profiles: Array.from(profiles, ([name, events]) => ({
      ...{ type: "evented", name, unit: "microseconds", startValue: 0, endValue: events.at(-1)!.at, events },
    })),
  };
  writeFileSync(file, JSON.stringify(profile));
}

/** `out` is the folder of the panel's page, `folder` one for a session; says what it measured. */
export async function besidePublicViewer(
  requests: number,
  folder: string,
  out: string,
  say: (line: string) => void,
): Promise<void> {
  if (!existsSync(RELEASE)) {
    say("\nspeedscope is not installed (npm --prefix bench ci): there is no public viewer beside ours");
    return;
  }
  const session = join(folder, "viewed");
  mkdirSync(session);
  const paths = makeSession(session, requests);
  await writeProfile(session, join(out, "profile.json"));
  cpSync(RELEASE, join(out, "speedscope"), { recursive: true });
  const from = performance.now();
  const host = await BenchHost.start(join(root, "dist/engine.js"), paths, out);
  const read = (performance.now() - from) / 1000;
  try {
    const ours = await firstPicture(host.url, opened);
    const profile = encodeURIComponent(`${host.url}profile.json`);
    const theirs = await firstPicture(`${host.url}speedscope/index.html#profileURL=${profile}`, (page) =>
      page.waitForFunction((name) => document.title.includes(name), NAME, { timeout: PATIENCE_MS }),
    );
    const line = (name: string, seconds: number, { renderer }: Opened) =>
      say(`${name.padEnd(46)} ${seconds.toFixed(2).padStart(8)} ${renderer.toFixed(0).padStart(12)}`);
    say(
      `\n${`${requests.toLocaleString("en")} requests, a browser each`.padEnd(46)}  s to the first picture, renderer's peak MiB`,
    );
    line("ours, from the bare logs", read + ours.seconds, ours);
    line("peer: speedscope, from a profile of its format", theirs.seconds, theirs);
  } finally {
    await host.close();
  }
}
