/** What changed since the baseline: a picture of two requests on one axis, and under it every route in numbers. */
import type { HostMessage, RequestIndex } from "../../src/protocol/messages";
import { Refused } from "../host/conversation";
import { el, link, set } from "../parts/dom";
import type { PageState } from "../state/page-state";
import type { Viewer } from "../state/viewer";
import { PairPicture } from "./pair-picture";
import { firstRoute, routesTable } from "./routes-table";

export type ComparisonMessage = Extract<HostMessage, { message: "comparison" }>;

/** Which request of a route stands for it. */
const QUANTILES = [
  { quantile: 0.5, name: "median" },
  { quantile: 0.95, name: "95 %" },
  { quantile: 1, name: "slowest" },
] as const;

interface Shown {
  route: string;
  quantile: number;
  /** A request of the session itself, in place of one at the quantile. */
  index: RequestIndex | null;
}

export class CompareDialog {
  readonly dialog = set(el("dialog", "help compare"), { "aria-label": "Comparison" });
  readonly #picture = new PairPicture();
  readonly #title = set(el("h3"), { "aria-live": "polite" });
  readonly #choices = set(el("div", "pair-choices"), { role: "group", "aria-label": "Which request" });
  #message: ComparisonMessage | null = null;
  #shown: Shown | null = null;
  #asked = 0;

  constructor(private readonly viewer: Viewer) {
    new ResizeObserver(() => this.#picture.paint()).observe(this.dialog);
  }

  /** Asks for the comparison; it opens when it is there. */
  ask(): void {
    const { session } = this.viewer.state;
    if (session && this.viewer.hasEditor)
      this.viewer.conversation.act({ kind: "action", action: "compare", session: session.key });
  }

  update({ comparison }: PageState): void {
    if (comparison === this.#message) return;
    this.#message = comparison;
    if (comparison) this.#open(comparison);
  }

  /** The theme has changed. */
  repaint(): void {
    this.#picture.paint();
  }

  #open(message: ComparisonMessage): void {
    const { found, baseName, sessionName } = message;
    const { comparison, sides, markdown } = found;
    const close = el("button", "link help-close", "Close");
    close.addEventListener("click", () => this.dialog.close());
    const copy = link("Copy as Markdown", "For a pull request", () =>
      this.viewer.conversation.act({ kind: "action", action: "copy", text: markdown }),
    );
    const only = (what: string, keys: readonly string[]) =>
      keys.length ? [el("p", "dim", `Only ${what}: ${keys.join(", ")}.`)] : [];
    this.dialog.replaceChildren(
      close,
      el("h2", "", `${sessionName} compared with ${baseName}`),
      el("p", "dim", sides, " ", copy),
      ...comparison.notes.map((note) => el("p", "compare-note", note)),
      el("div", "pair-head", this.#title, this.#choices),
      this.#picture.element,
      routesTable(comparison.routes, (route) => void this.#show({ route, quantile: 0.5, index: null })),
      ...only("before", comparison.onlyBase),
      ...only("after", comparison.onlyOther),
    );
    if (!this.dialog.open) this.dialog.showModal();
    const { selected, session } = this.viewer.state;
    const index = session?.key === message.session ? selected : null;
    const route = firstRoute(comparison.routes);
    if (index !== null || route !== null) void this.#show({ route: route ?? "", quantile: 0.5, index });
    else this.#picture.say("The two have no route in common.");
  }

  async #show(shown: Shown): Promise<void> {
    const message = this.#message;
    if (!message) return;
    this.#shown = shown;
    const asked = ++this.#asked;
    try {
      const { base, session } = message;
      const pair = await this.viewer.conversation.ask("pair", { base, session, ...shown });
      if (asked !== this.#asked) return;
      this.#title.textContent = pair?.route ?? shown.route;
      if (pair) {
        this.#shown = { ...shown, route: pair.route };
        this.#picture.fill(pair, (index) => this.#leadTo(index));
      } else this.#picture.say("One of the two has no complete request of this route.");
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      this.#picture.say(error.message);
    }
    this.#choose();
  }

  #choose(): void {
    const shown = this.#shown;
    if (!shown) return;
    const choices = QUANTILES.map(({ quantile, name }) => {
      const button = set(el("button", "toggle", name), {
        "aria-pressed": shown.index === null && shown.quantile === quantile,
      });
      button.title = `The ${name} request of either session, by R C`;
      button.addEventListener("click", () => void this.#show({ route: shown.route, quantile, index: null }));
      return button;
    });
    const own = set(el("button", "toggle", "selected"), { "aria-pressed": true, disabled: "" });
    own.title = "The selected request, and that of the baseline at the same quantile";
    const focused = this.#choices.contains(document.activeElement);
    this.#choices.replaceChildren(...(shown.index === null ? [] : [own]), ...choices);
    if (focused) this.#choices.querySelector<HTMLElement>("[aria-pressed=true]")?.focus();
  }

  #leadTo(index: RequestIndex): void {
    const session = this.#message?.session;
    this.dialog.close();
    if (session === this.viewer.state.session?.key) void this.viewer.reveal(index);
  }
}
