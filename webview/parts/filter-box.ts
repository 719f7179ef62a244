/** The filter: a combo box with the engine's completions, the engine's error below it, and what matches at its end. */
import type { PageState } from "../state/page-state";
import type { Viewer } from "../state/viewer";
import { count } from "../words/numbers";
import { el, set, setHidden, setText } from "./dom";

const TYPED_MS = 160;

export class FilterBox {
  readonly input = set(el("input", "filter-input"), {
    type: "text",
    placeholder: "Filter, e.g. path:/cgi-bin/* rc:>200ms handler:calendar",
    role: "combobox",
    spellcheck: false,
    autocomplete: "off",
    "aria-label": "Filter requests",
    "aria-autocomplete": "list",
    "aria-controls": "filter-options",
    "aria-expanded": false,
  });
  readonly #matches = set(el("span", "filter-matches"), { "aria-live": "polite" });
  readonly #error = set(el("div", "filter-error"), { role: "alert", hidden: "" });
  readonly #options = set(el("div", "filter-options"), {
    id: "filter-options",
    role: "listbox",
    "aria-label": "Completions",
    hidden: "",
  });
  readonly element = el("div", "filter", this.input, this.#matches, this.#options, this.#error);
  #from = 0;
  #active = -1;
  #typing: ReturnType<typeof setTimeout> | undefined;
  #question = 0;

  constructor(private readonly viewer: Viewer) {
    this.input.value = viewer.state.view.filter;
    this.input.addEventListener("input", () => this.#typed());
    this.input.addEventListener("keydown", (event) => this.#key(event));
    this.input.addEventListener("blur", () => this.#close());
    this.#options.addEventListener("pointerdown", (event) => {
      const option = (event.target as Element).closest("[role=option]");
      event.preventDefault();
      if (option) this.#take(option.textContent ?? "");
    });
  }

  update(state: PageState): void {
    if (document.activeElement !== this.input && this.input.value !== state.view.filter)
      this.input.value = state.view.filter;
    const { result } = state;
    // What is in view is the timeline's; the charts say themselves what they are of.
    setHidden(this.#matches, state.page === "charts");
    const all = result === null || result.matches === result.total;
    setText(
      this.#matches,
      !result
        ? ""
        : all
          ? count(result.total)
          : `${count(result.matches)}${state.isWhole ? "" : "+"} of ${count(result.total)} in view`,
    );
    const error = result?.filterError ?? null;
    setHidden(this.#error, error === null || state.view.filter === "");
    this.input.setAttribute("aria-invalid", String(error !== null));
    if (!error) return;
    const { filter } = state.view;
    const at = el("span", "filter-error-at", filter.slice(error.from, error.to) || "…");
    this.#error.replaceChildren(filter.slice(0, error.from), at, filter.slice(error.to), el("div", "", error.message));
  }

  focus(): void {
    this.input.focus();
    this.input.select();
  }

  #typed(): void {
    clearTimeout(this.#typing);
    this.#typing = setTimeout(() => this.viewer.setView({ filter: this.input.value }), TYPED_MS);
    void this.#complete();
  }

  async #complete(): Promise<void> {
    const session = this.viewer.state.session?.key;
    const question = ++this.#question;
    if (!session) return;
    const filter = this.input.value;
    const caret = this.input.selectionStart ?? filter.length;
    try {
      const { from, options } = await this.viewer.conversation.ask("complete", { session, filter, caret });
      if (question !== this.#question || document.activeElement !== this.input) return;
      this.#from = from;
      this.#show(options.filter((option) => option !== filter.slice(from, caret)));
    } catch {
      // Completion is a help: without it one goes on typing.
      this.#close();
    }
  }

  #show(options: readonly string[]): void {
    const active = this.#options.children[this.#active]?.textContent ?? undefined;
    this.#options.replaceChildren(
      ...options.map((option, at) =>
        set(el("div", "filter-option", option), { role: "option", id: `filter-option-${at}`, "aria-selected": false }),
      ),
    );
    // Answers come while one is choosing already: the choice stays.
    this.#mark(active === undefined ? -1 : options.indexOf(active));
    setHidden(this.#options, options.length === 0);
    this.input.setAttribute("aria-expanded", String(options.length > 0));
  }

  #close(): void {
    this.#question++;
    this.#show([]);
  }

  #mark(active: number): void {
    this.#active = active;
    [...this.#options.children].forEach((option, at) => {
      option.setAttribute("aria-selected", String(at === active));
      if (at === active) option.scrollIntoView({ block: "nearest" });
    });
    if (active < 0) this.input.removeAttribute("aria-activedescendant");
    else this.input.setAttribute("aria-activedescendant", `filter-option-${active}`);
  }

  #take(option: string): void {
    const caret = this.input.selectionStart ?? this.input.value.length;
    this.input.setRangeText(option, this.#from, caret, "end");
    this.#close();
    this.#typed();
  }

  #key(event: KeyboardEvent): void {
    const { length } = this.#options.children;
    const open = length > 0;
    if (event.key === "ArrowDown" && open) this.#mark((this.#active + 1) % length);
    else if (event.key === "ArrowUp" && open)
      this.#mark((this.#active + length) % (length + 1) === length ? length - 1 : this.#active - 1);
    else if ((event.key === "Enter" || event.key === "Tab") && open && this.#active >= 0)
      this.#take(this.#options.children[this.#active]!.textContent ?? "");
    else if (event.key === "Enter") this.#apply();
    else if (event.key === "Escape" && open) this.#close();
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  #apply(): void {
    clearTimeout(this.#typing);
    this.#close();
    this.viewer.setView({ filter: this.input.value });
  }
}
