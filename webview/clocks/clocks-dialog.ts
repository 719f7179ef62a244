/** What is known of the clocks: a sentence under the rows; behind it the offset over time, and what contradicts it. */
import type { ClockRelation } from "../../src/model/clock";
import type { Contradiction } from "../../src/protocol/messages";
import { el, link, set, setHidden, setText } from "../parts/dom";
import type { PageState } from "../state/page-state";
import type { Viewer } from "../state/viewer";
import { count, duration } from "../words/numbers";
import { offsetPicture, offsetTable } from "./offset-picture";

/** More than anybody reads; the count says how many there are. */
const LISTED = 200;
/** Each worker's log and each client's make a pair. */
const MOST_RELATIONS = 20;

export class ClocksDialog {
  readonly button = set(el("button", "clocks"), { "aria-haspopup": "dialog" });
  readonly dialog = set(el("dialog", "help"), { "aria-label": "Clocks" });
  readonly #relations = el("div");
  readonly #contradictions = el("div");
  #shown: readonly ClockRelation[] | null = null;

  constructor(private readonly viewer: Viewer) {
    const close = el("button", "link help-close", "Close");
    close.addEventListener("click", () => this.dialog.close());
    this.dialog.append(close, this.#relations, this.#contradictions);
    this.button.addEventListener("click", () => this.show());
  }

  update({ session }: PageState): void {
    const sentence = session?.clockSentence ?? null;
    setHidden(this.button, sentence === null);
    setText(this.button, sentence ?? "");
    // One side alone has no offset to show.
    this.button.disabled = !session?.clocks.length;
    this.button.title = this.button.disabled
      ? (sentence ?? "")
      : `${sentence}\nThe offset over time, and requests that contradict it (K)`;
    if (this.dialog.open) this.#fill(sentence ?? "", session?.clocks ?? []);
  }

  show(): void {
    const { session } = this.viewer.state;
    if (!session || session.clocks.length === 0) return;
    this.#fill(session.clockSentence ?? "", session.clocks);
    this.#contradictions.replaceChildren();
    this.dialog.showModal();
    void this.#list(session.key);
  }

  /** Again while a recording goes on, but not for nothing. */
  #fill(sentence: string, relations: readonly ClockRelation[]): void {
    if (relations === this.#shown) return;
    this.#shown = relations;
    const more = relations.length - MOST_RELATIONS;
    this.#relations.replaceChildren(
      el("h2", "", "Clocks"),
      el("p", "clocks-sentence", sentence),
      ...relations.slice(0, MOST_RELATIONS).flatMap(relationParts),
      ...(more > 0 ? [el("p", "dim", `and ${count(more)} more pairs of logs`)] : []),
    );
  }

  async #list(session: string): Promise<void> {
    try {
      const found = await this.viewer.conversation.ask("contradictions", { session, limit: LISTED });
      this.#contradictions.replaceChildren(...this.#listed(found.total, found.requests));
    } catch (error) {
      this.#contradictions.replaceChildren(el("p", "", error instanceof Error ? error.message : String(error)));
    }
  }

  #listed(total: number, requests: readonly Contradiction[]): Node[] {
    if (total === 0) return [el("p", "dim", "No request contradicts the clocks by more than their uncertainty.")];
    const first = total > requests.length ? `, the first ${count(requests.length)}` : "";
    const items = requests.map((request) =>
      el(
        "li",
        "",
        link(`${request.method} ${request.path}`, "Show the request", () => {
          this.dialog.close();
          void this.viewer.reveal(request.index);
        }),
        ` ${reason(request)}`,
      ),
    );
    return [
      el("h3", "", `${count(total)} against causality${first}`),
      el("p", "dim", "Wrongly paired, or wrongly stamped: by more than what is not known of the clocks."),
      el("ul", "clocks-list", ...items),
    ];
  }
}

const reason = ({ way, by }: Contradiction): string =>
  way === "up"
    ? `reached the server ${duration(by)} before it was sent`
    : `was answered ${duration(by)} after the client had the answer`;

function relationParts({ server, client, method, epochs }: ClockRelation): Node[] {
  const picture = offsetPicture(epochs);
  return [
    el("h3", "", `${server} − ${client}`, el("span", "dim", ` ${method}`)),
    ...(picture ? [picture, offsetTable(epochs)] : []),
  ];
}
