/** The page: puts the parts together, sizes them, and draws one frame whenever something changed. */
import type { ToPage } from "../src/protocol/messages";
import { ChartsPage } from "./charts/charts-page";
import { ClocksDialog } from "./clocks/clocks-dialog";
import { CompareDialog } from "./compare/compare-dialog";
import { DetailPane } from "./detail/detail-pane";
import { DiffersDialog } from "./differs/differs-dialog";
import { readPalette, watchTheme } from "./paint/palette";
import { el, setHidden } from "./parts/dom";
import { Help } from "./parts/help";
import { Keys } from "./parts/keys";
import { legend } from "./parts/legend";
import { Notice } from "./parts/notice";
import { OverviewStrip } from "./parts/overview";
import { listenToPointer } from "./parts/pointer";
import { Splitter } from "./parts/splitter";
import { Toolbar } from "./parts/toolbar";
import { Tooltip } from "./parts/tooltip";
import { Verdict } from "./parts/verdict";
import { Waterfall } from "./parts/waterfall";
import { Viewer } from "./state/viewer";
import { showZone } from "./words/clock";

let frame = 0;
/** However much changes, it is drawn once. */
const changed = () => {
  if (frame === 0) frame = requestAnimationFrame(draw);
};

const viewer = new Viewer(acquireVsCodeApi(), changed);
const comparison = new CompareDialog(viewer);
const compare = () => comparison.ask();
const toolbar = new Toolbar(viewer, compare);
const differs = new DiffersDialog(viewer);
const verdict = new Verdict(viewer, differs.button);
const overview = new OverviewStrip(viewer);
const waterfall = new Waterfall(viewer);
const notice = new Notice(viewer);
const detail = new DetailPane(viewer, compare);
const splitter = new Splitter(viewer, changed);
const help = new Help(viewer.hasEditor);
const tooltip = new Tooltip();
const clocks = new ClocksDialog(viewer);
const charts = new ChartsPage(viewer, changed);
const keys = new Keys(viewer, detail, toolbar, help, clocks, differs, charts, compare);

const middle = el("div", "middle", waterfall.element, notice.element);
const legendBar = legend(clocks.button, viewer.hasEditor, () => help.toggle());
const app = document.getElementById("app")!;
app.append(
  el("h1", "unseen", "Request Timeline"),
  toolbar.element,
  verdict.element,
  overview.element,
  middle,
  legendBar,
  splitter.element,
  detail.element,
  charts.element,
  help.element,
  toolbar.problems.dialog,
  clocks.dialog,
  comparison.dialog,
  differs.dialog,
  tooltip.element,
);

let palette = readPalette();

function draw(): void {
  frame = 0;
  const { state } = viewer;
  showZone(state.session?.zone);
  toolbar.update(state);
  verdict.update(state);
  clocks.update(state);
  comparison.update(state);
  // Where there is nothing to be charted, the notice of the first page says why.
  const showsCharts = state.page === "charts" && state.phase === "ready";
  for (const part of [overview.element, middle, legendBar]) setHidden(part, showsCharts);
  setHidden(charts.element, !showsCharts);
  detail.update(state);
  notice.update(state);
  if (showsCharts) {
    splitter.element.hidden = detail.element.hidden = true;
    app.style.setProperty("--detail-height", "0px");
    charts.update(state);
    return;
  }
  splitter.element.hidden = state.selected === null;
  app.style.setProperty("--detail-height", detail.element.hidden ? "0px" : `${splitter.height}px`);
  splitter.update();
  layOut();
  overview.update(state, palette);
  waterfall.update(state, palette);
}

/** Sizes are read once a frame, after the parts of variable height have been written and before anything is painted. */
function layOut(): void {
  const ratio = devicePixelRatio || 1;
  const fontSize = Number.parseFloat(getComputedStyle(document.body).fontSize) || 13;
  overview.resize(app.clientWidth, ratio);
  waterfall.resize(middle.clientWidth, middle.clientHeight, ratio, Math.round(fontSize * 2));
}

addEventListener("message", (event: MessageEvent<ToPage>) => viewer.conversation.receive(event.data));
addEventListener("resize", changed);
new ResizeObserver(changed).observe(middle);
watchTheme(() => {
  palette = readPalette();
  comparison.repaint();
  changed();
});
// A report has more than the page: outside of it the keys are the document's.
const keyboard: GlobalEventHandlers = viewer.hasEditor ? document : app;
keyboard.addEventListener("keydown", (event) => {
  if (keys.press(event)) event.preventDefault();
});
listenToPointer(waterfall, viewer, detail, keys, tooltip, changed);
viewer.start();
changed();
