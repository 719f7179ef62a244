/** What could not be used of the session's logs: a count in the toolbar, and the lines in a dialog. */
import type { PageState } from "../state/page-state";
import type { Viewer } from "../state/viewer";
import { count } from "../words/numbers";
import { el, set, setHidden, setText } from "./dom";

/** More than anybody reads; the count says how many there are. */
const LISTED = 200;

export class Problems {
  readonly button = set(el("button", "problems"), { title: "Lines or parts of files that could not be used" });
  readonly #list = el("div");
  readonly dialog = set(el("dialog", "help"), { "aria-label": "Problems" });

  constructor(private readonly viewer: Viewer) {
    const close = el("button", "link help-close", "Close");
    close.addEventListener("click", () => this.dialog.close());
    this.dialog.append(close, this.#list);
    this.button.addEventListener("click", () => void this.#show());
  }

  update(state: PageState): void {
    const problems = state.session?.problems ?? 0;
    setHidden(this.button, problems === 0);
    setText(this.button, problems === 1 ? "1 problem" : `${count(problems)} problems`);
  }

  async #show(): Promise<void> {
    const session = this.viewer.state.session?.key;
    if (!session) return;
    try {
      const { total, problems } = await this.viewer.conversation.ask("problems", { session, limit: LISTED });
      const rows = problems.map(({ file, line, reason }) =>
        el("tr", "", set(el("th", "", `${file}:${line}`), { scope: "row" }), el("td", "", reason)),
      );
      const title =
        total > problems.length ? `The first ${count(problems.length)} of ${count(total)} problems` : "Problems";
      this.#list.replaceChildren(el("table", "", el("caption", "", title), ...rows));
    } catch (error) {
      this.#list.replaceChildren(el("p", "", error instanceof Error ? error.message : String(error)));
    }
    this.dialog.showModal();
  }
}
