/** In the browser: an acquireVsCodeApi whose host is the real engine behind an HTTP server, and the frames' stopwatch. */
import type { FromPage, ToPage } from "../../src/protocol/messages";
import { THEMES } from "../../test/ui/fixture/themes";
import { decode, encode } from "./wire";

const root = document.documentElement;
for (const [name, value] of Object.entries(THEMES.dark.variables)) root.style.setProperty(`--vscode-${name}`, value);
document.body.className = THEMES.dark.className;

const bench = {
  /** When rows of a new revision came, performance.now(). */
  rowsAt: 0,
  revision: -1,
  /** Of the last view that was answered. */
  whole: -1,
  /** Runs an action each frame for some ms; the times between painted frames. */
  async frames(ms: number, action: (frame: number) => void): Promise<number[]> {
    const gaps: number[] = [];
    const end = performance.now() + ms;
    let before = await new Promise<number>(requestAnimationFrame);
    for (let frame = 0; performance.now() < end; frame++) {
      action(frame);
      const now = await new Promise<number>(requestAnimationFrame);
      gaps.push(now - before);
      before = now;
    }
    return gaps;
  },
  /** From an action to the frame after the first rows of the revision that it brought, and after all of it is known. */
  async shown(action: () => void): Promise<{ first: number; whole: number }> {
    const from = performance.now();
    const { revision } = bench;
    action();
    while (bench.revision === revision || bench.rowsAt < from) await new Promise(requestAnimationFrame);
    await new Promise(requestAnimationFrame);
    const first = performance.now() - from;
    while (bench.whole < bench.revision) await new Promise(requestAnimationFrame);
    await new Promise(requestAnimationFrame);
    return { first, whole: performance.now() - from };
  },
};

declare global {
  interface Window {
    bench: typeof bench;
  }
}
window.bench = bench;

const receive = (message: ToPage) => {
  if (message.kind === "answer" && message.ok && typeof message.result === "object" && message.result !== null) {
    const result = message.result as { revision: number };
    if ("dictionary" in result) {
      bench.rowsAt = performance.now();
      bench.revision = result.revision;
    } else if ("matches" in result) bench.whole = result.revision;
  }
  window.postMessage(message, "*");
};

Object.assign(window, {
  acquireVsCodeApi: () => ({
    postMessage: (message: FromPage) =>
      void fetch("/ask", { method: "POST", body: encode(message) })
        .then((response) => response.arrayBuffer())
        .then((buffer) => buffer.byteLength > 0 && receive(decode(buffer) as ToPage)),
    getState: () => null,
    setState: () => {},
  }),
});
