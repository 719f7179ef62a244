/** What is there instead of rows: loading, nothing recorded yet, nothing matches, it failed. */
import type { PageState } from "../state/page-state";
import type { Viewer } from "../state/viewer";
import { button, progressRing } from "../toolkit";
import { count } from "../words/numbers";
import { el, set, setHidden } from "./dom";

const megabytes = (bytes: number): string => count(Math.round(bytes / 1e6));

type Kind = "quiet" | "loading" | "none" | "empty" | "unmatched" | "failed" | "failing";

export class Notice {
  readonly element = set(el("div", "notice"), { role: "status", hidden: "" });
  #shown = "";

  constructor(private readonly viewer: Viewer) {}

  update(state: PageState): void {
    const kind = kindOf(state);
    setHidden(this.element, kind === "quiet");
    const { progress } = state;
    const done = progress ? `${megabytes(progress.done)} of ${megabytes(progress.total)} MB` : "";
    const key = `${kind}|${state.failure}|${done}|${state.session?.recording}|${state.domain !== null}`;
    if (key === this.#shown) return;
    this.#shown = key;
    this.element.className = `notice notice-${kind}`;
    this.element.replaceChildren(...this.#contents(kind, state, done));
  }

  #contents(kind: Kind, state: PageState, done: string): Node[] {
    const act = (action: "record" | "open-session") => () => this.viewer.conversation.act({ kind: "action", action });
    switch (kind) {
      case "quiet":
        return [];
      case "loading":
        return [progressRing(), el("p", "", done ? `Reading the session: ${done}` : "Reading the session…")];
      case "none":
        return [
          el("h2", "", "No session yet"),
          el("p", "", "Record your server while you use it, or probe it; the requests appear here as they are made."),
          el(
            "div",
            "notice-buttons",
            button("Record…", "Record a session", act("record")),
            button("Open session…", "Open a recorded session or a log", act("open-session")),
          ),
        ];
      case "empty":
        return state.session?.recording
          ? [progressRing(), el("p", "", "Recording: the first request will appear here.")]
          : [
              el("h2", "", "No request in this session"),
              el("p", "", "Its logs hold none, or none that could be read."),
            ];
      case "unmatched":
        return [
          el("h2", "", "Nothing matches"),
          el("p", "", "No request of this session matches the filter in this span of time."),
          el(
            "div",
            "notice-buttons",
            state.domain !== null &&
              state.view.filter !== "" &&
              button("In the whole session", "Keep the filter, clear the span", () => this.viewer.setDomain(null)),
            button("Show everything", "Clear filter and span", () => {
              this.viewer.setView({ filter: "" });
              this.viewer.setDomain(null);
            }),
          ),
        ];
      case "failed":
      case "failing":
        return [
          kind === "failed" ? el("h2", "", "It could not be opened") : el("span"),
          el("p", "", state.failure ?? ""),
          el(
            "div",
            "notice-buttons",
            button("Try again", "Try again", () => this.viewer.retry()),
          ),
        ];
    }
  }
}

function kindOf(state: PageState): Kind {
  if (state.phase === "failed") return "failed";
  if (state.failure !== null) return "failing";
  if (state.phase === "none") return "none";
  if (state.phase === "starting" || state.phase === "loading") return "loading";
  if (state.result?.total === 0) return "empty";
  return state.result?.matches === 0 && state.result.filterError === null ? "unmatched" : "quiet";
}
