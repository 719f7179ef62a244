/** All keys and gestures, as a dialog. */
import { MARKS } from "../../src/model/marks";
import { el, set } from "./dom";

const keysOf = (hasEditor: boolean): [keys: string, what: string][] => [
  ["↑ ↓", "previous, next row"],
  ["Page ↑ ↓, Home, End", "a screen up or down, first row, last row"],
  ["← →", "fold, unfold a group"],
  ["Enter", hasEditor ? "open the handler's source; on a group: fold or unfold" : "fold or unfold a group"],
  ...(hasEditor ? [["L, Shift+L", "reveal in the server's log, in the client's log"] as [string, string]] : []),
  ["C, Shift+C", "copy the request as text, as JSON"],
  ["W S, Ctrl+wheel", "zoom in, out"],
  ["A D, Shift+wheel, drag", "earlier, later"],
  ["Z", "zoom to the selected request"],
  ["0", "the whole session"],
  ["R", "raw or aligned clocks"],
  ["K", "what is known of the clocks"],
  ...(hasEditor
    ? [["B", "compare with the baseline; the selected request of both on one axis"] as [string, string]]
    : []),
  ["V", "what differs in the slow ones"],
  ["Space", "hold the picture still, go on"],
  ["1, 2", "the timeline, the charts"],
  ["↑ ↓ ← → in a chart", "read its values; with Shift choose a region of the heat map"],
  ["Enter in a chart", "show the request, or the region's requests, in the timeline"],
  ["/", "filter"],
  ["Escape", "close help, the details; clear the selection"],
];

export class Help {
  readonly element = set(el("dialog", "help"), { "aria-label": "Keys and marks" });

  constructor(hasEditor: boolean) {
    const keys = keysOf(hasEditor).map(([key, what]) => el("tr", "", el("th", "", key), el("td", "", what)));
    const marks = MARKS.map(({ symbol, caption, clock }) =>
      el("tr", "", el("th", "", symbol), el("td", "", `${caption} (${clock})`)),
    );
    const close = el("button", "link help-close", "Close");
    close.addEventListener("click", () => this.element.close());
    // First, because the dialog's first control gets the focus, and is scrolled to.
    this.element.append(
      close,
      el(
        "div",
        "help-columns",
        el("table", "", el("caption", "", "Keys"), ...keys),
        el("table", "", el("caption", "", "The eight marks"), ...marks),
      ),
    );
    this.element.addEventListener("click", (event) => {
      if (event.target === this.element) this.element.close();
    });
  }

  toggle(): void {
    if (this.element.open) this.element.close();
    else this.element.showModal();
  }
}
