/** What the slow requests have that the others have not: a table behind the verdict, each line of which can be shown. */
import type { Difference, Differences, Trait } from "../../src/protocol/messages";
import { el, link, set } from "../parts/dom";
import type { Viewer } from "../state/viewer";
import { clockSeconds } from "../words/clock";
import { count, duration, percent, plain } from "../words/numbers";

const NAMES: Record<Trait, string> = {
  route: "Route",
  handler: "Handler",
  kind: "Kind",
  status: "Status",
  connection: "Connection",
  worker: "Worker",
  size: "Size",
  concurrency: "At the same time",
  time: "Time",
};

const HEADS: readonly [text: string, title: string][] = [
  ["", ""],
  ["The slow ones have", "The value that most of the slow requests have beyond their share"],
  ["Slow of these", ""],
  ["Slow of the others", ""],
  ["Separates", "Area under the ROC curve, of which 0.5 is chance and 1 is always, with its lower bound"],
  ["", ""],
];

export class DiffersDialog {
  readonly button = link("What differs", "What the slow requests have that the others have not (V)", () => this.show());
  readonly dialog = set(el("dialog", "help differs"), { "aria-label": "What differs in the slow ones" });
  readonly #content = el("div");
  #question = 0;

  constructor(private readonly viewer: Viewer) {
    this.button.setAttribute("aria-haspopup", "dialog");
    const close = el("button", "link help-close", "Close");
    close.addEventListener("click", () => this.dialog.close());
    this.dialog.append(close, el("h2", "", "What differs in the slow ones"), this.#content);
  }

  show(): void {
    const { session, view } = this.viewer.state;
    if (!session) return;
    this.#content.replaceChildren(el("p", "dim", "…"));
    this.dialog.showModal();
    void this.#ask(session.key, view.filter);
  }

  async #ask(session: string, filter: string): Promise<void> {
    const question = ++this.#question;
    let content: Node[];
    try {
      content = this.#found(await this.viewer.conversation.ask("differs", { session, filter }), filter);
    } catch (error) {
      content = [el("p", "", error instanceof Error ? error.message : String(error))];
    }
    if (question === this.#question) this.#content.replaceChildren(...content);
  }

  #found(found: Differences, filter: string): Node[] {
    if (found.filterError !== null) return [el("p", "", found.filterError)];
    const among = `${count(found.requests)} requests${filter ? ` of ${filter}` : ""}`;
    const { verdict } = found;
    const sentence = verdict ? [el("p", "differs-sentence", el("b", "", verdict.title), ` ${verdict.text}`)] : [];
    const slow =
      found.requests === 0
        ? `None of the ${among} was recorded from end to end.`
        : `Of ${among} the slowest ${count(found.slow)} take ${duration(found.slowFrom)} or more, for ${duration(found.median)} at the median.`;
    return [...sentence, el("p", "dim", slow), this.#table(found)];
  }

  #table({ requests, differences }: Differences): HTMLElement {
    if (differences.length === 0)
      return el(
        "p",
        "",
        requests < 30
          ? "Fewer than 30 requests do not tell what separates them."
          : "Nothing separates them: no route, handler, size, connection, worker or time has more slow ones than chance.",
      );
    const heads = HEADS.map(([text, title], at) =>
      text ? set(el("th", at > 1 ? "right" : "", text), { scope: "col", title }) : el("td"),
    );
    return el(
      "table",
      "differs-table",
      el("thead", "", el("tr", "", ...heads)),
      el("tbody", "", ...differences.map((difference) => this.#line(difference))),
    );
  }

  #line(difference: Difference): HTMLElement {
    const { trait, auc, low, inside, outside } = difference;
    const share = (side: { slow: number; count: number }): HTMLElement =>
      set(el("td", "right", side.count ? percent(side.slow / side.count) : "–"), {
        title: `${count(side.slow)} of ${count(side.count)}`,
      });
    const bar = el("span", "differs-bar");
    bar.style.width = `${Math.round((auc - 0.5) * 200)}%`;
    return el(
      "tr",
      "",
      set(el("th", "", NAMES[trait]), { scope: "row" }),
      el("td", "differs-value", this.#value(difference)),
      share(inside),
      share(outside),
      set(el("td", "right", el("span", "differs-meter", bar), plain(hundredths(auc))), {
        title: `at least ${plain(hundredths(low))}`,
      }),
      el("td", "", this.#show(difference)),
    );
  }

  #value({ value, span }: Difference): string {
    const base = this.viewer.state.session?.base ?? 0;
    return span ? `${clockSeconds(base + span[0])} to ${clockSeconds(base + span[1])}` : value;
  }

  #show(difference: Difference): Node | null {
    const { filter, span } = difference;
    if (filter === null && span === null) return null;
    const name = `${NAMES[difference.trait]} ${this.#value(difference)}`;
    const button = link(span ? "Zoom" : "Filter", span ? `Zoom to ${name}` : `Show ${filter} alone`, () => {
      this.dialog.close();
      if (span) this.viewer.setDomain([span[0], span[1]]);
      else this.viewer.setView({ filter: [this.viewer.state.view.filter, filter].filter(Boolean).join(" ") });
    });
    return set(button, { "aria-label": `${button.textContent}: ${name}` });
  }
}

const hundredths = (value: number): number => Math.round(value * 100) / 100;
