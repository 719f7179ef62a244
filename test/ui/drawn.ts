/** What the timeline's canvas shows of the selected row's server: its bar, and the whiskers under the bar's ends. */
import type { Frame } from "playwright-core";
import { lanesOf } from "../../webview/layout/bars";

export type Stretch = readonly [from: number, to: number];

export interface Drawn {
  /** CSS pixels from the canvas's left edge. */
  bar: Stretch | null;
  whiskers: Stretch[];
  /** Half a whisker and the whole bar as the row says them, µs; null where it does not. */
  uncertainty: number | null;
  serverResponse: number | null;
}

/** Null while no row is selected. The canvas has one device pixel for each CSS pixel in these tests. */
export async function drawnRow(page: Frame): Promise<Drawn | null> {
  const row = page.locator(".row-selected");
  if ((await row.count()) !== 1) return null;
  const { height } = (await row.boundingBox())!;
  const lanes = lanesOf(height);
  const lines = {
    bar: { y: Math.round((lanes.serverTop + lanes.serverBottom) / 2), inks: ["parse", "process", "send"] },
    whiskers: { y: lanes.serverBottom + 2, inks: ["arrival"] },
  };
  // No named function in it: tsx would give it a helper that the page does not have.
  const read = await row.evaluate((element, wanted) => {
    const canvas = [...document.querySelectorAll<HTMLCanvasElement>(".waterfall canvas")].find(
      ({ width }) => width > 100,
    )!;
    const top = Math.round(element.getBoundingClientRect().top - canvas.getBoundingClientRect().top);
    const probe = document.body.appendChild(document.createElement("span"));
    const small = new OffscreenCanvas(1, 1).getContext("2d", { willReadFrequently: true })!;
    const stretches = wanted.map(({ y, inks }) => {
      // As they look on the selected row's ground, with and without a line of the grid in between.
      const looks = inks.flatMap((ink) =>
        [
          ["selection", ink],
          ["selection", "grid", ink],
        ].map((layers) => {
          small.clearRect(0, 0, 1, 1);
          for (const layer of layers) {
            probe.style.color = `var(--ink-${layer})`;
            small.fillStyle = getComputedStyle(probe).color;
            small.fillRect(0, 0, 1, 1);
          }
          return small.getImageData(0, 0, 1, 1).data.join();
        }),
      );
      const { data, width } = canvas.getContext("2d")!.getImageData(0, top + y, canvas.width, 1);
      const found: [number, number][] = [];
      for (let x = 0; x < width; x++) {
        if (!looks.includes(data.slice(4 * x, 4 * x + 4).join())) continue;
        const last = found.at(-1);
        if (last?.[1] === x) last[1] = x + 1;
        else found.push([x, x + 1]);
      }
      return found;
    });
    probe.remove();
    return { stretches, text: element.textContent ?? "" };
  }, Object.values(lines));
  const [bar, whiskers] = read.stretches;
  const [first, last] = [bar![0], bar!.at(-1)];
  return {
    bar: first && last ? [first[0], last[1]] : null,
    whiskers: whiskers!,
    uncertainty: micros(/clocks ± ([\d.]+) (µs|ms|s)/.exec(read.text)),
    serverResponse: micros(/server ([\d.]+) (µs|ms|s)/.exec(read.text)),
  };
}

const UNITS: Record<string, number> = { µs: 1, ms: 1000, s: 1_000_000 };
const micros = (match: RegExpExecArray | null): number | null => match && Number(match[1]) * UNITS[match[2]!]!;
