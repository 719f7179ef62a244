/** One sentence on top: what the picture means. Absent when there is nothing to say. */
import type { SourceLocation } from "../../src/model/request";
import type { PageState } from "../state/page-state";
import type { Viewer } from "../state/viewer";
import { el, link, set, setHidden } from "./dom";

/** `calendar.cgi:1` */
export const sourceName = ({ file, line }: SourceLocation): string =>
  `${file.split(/[\\/]/).pop() ?? file}${line === null ? "" : `:${line}`}`;

export class Verdict {
  readonly element = set(el("section", "verdict"), { "aria-label": "Verdict", hidden: "" });
  #shown: unknown = null;

  /** `differs` leads to what lies behind the sentence. */
  constructor(
    private readonly viewer: Viewer,
    private readonly differs: HTMLElement,
  ) {}

  update(state: PageState): void {
    const verdict = state.session?.verdict ?? null;
    setHidden(this.element, verdict === null);
    const key = JSON.stringify(verdict);
    if (key === this.#shown) return;
    this.#shown = key;
    if (!verdict) return;
    const sentence = el("p", "verdict-text", el("b", "", verdict.title), " ");
    const name = verdict.source ? sourceName(verdict.source) : "";
    const at = name ? verdict.text.indexOf(name) : -1;
    const source = () => this.#source(name);
    if (at >= 0) sentence.append(verdict.text.slice(0, at), source(), verdict.text.slice(at + name.length));
    else sentence.append(verdict.text, ...(name ? [" ", source()] : []));
    const { request } = verdict;
    // Without a request there is nothing to look at: it stands back.
    this.element.classList.toggle("verdict-quiet", request === null);
    const show = request === null ? "" : link("Show", "Select the request", () => void this.viewer.reveal(request));
    this.element.replaceChildren(
      set(el("span", "verdict-mark", "◆"), { "aria-hidden": true }),
      sentence,
      show,
      this.differs,
    );
  }

  #source(name: string): Node {
    const { session } = this.viewer.state;
    const request = session?.verdict?.request ?? null;
    if (!session || request === null || !this.viewer.hasEditor) return document.createTextNode(name);
    return link(name, "Open the source", () =>
      this.viewer.conversation.act({
        kind: "action",
        action: "open-source",
        session: session.key,
        request,
        which: "handler",
      }),
    );
  }
}
