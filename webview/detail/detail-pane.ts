/** Everything of the selected request: marks by lane, formulas, handler, children, notes, its place in its route. */

import type { MARKS } from "../../src/model/marks";
import { printable } from "../../src/model/printable";
import type { SourceLocation } from "../../src/model/request";
import type { RequestDetail } from "../../src/protocol/messages";
import { el, link, set, setHidden } from "../parts/dom";
import { sourceName } from "../parts/verdict";
import type { PageState } from "../state/page-state";
import type { Viewer } from "../state/viewer";
import { clockTime } from "../words/clock";
import { bytes, count, duration, exactMillis, percent, plusMinus } from "../words/numbers";
import { asJson, asText } from "./copy";
import { formulas } from "./formulas";
import { histogram } from "./histogram";
import { type Lane, marksTable } from "./marks-table";

/** Which phase begins at a mark: its colour in the bar. */
const PHASE_AT: Record<(typeof MARKS)[number]["key"], string> = {
  requestStart: "client",
  responseStart: "header",
  responseEnd: "client",
  arrival: "queue",
  parseStart: "parse",
  parseEnd: "process",
  processEnd: "send",
  sendEnd: "end",
};

export class DetailPane {
  readonly element = set(el("section", "detail"), { "aria-label": "Request", hidden: "" });
  #shown: RequestDetail | null = null;
  #aligned = true;

  constructor(
    private readonly viewer: Viewer,
    private readonly compare: () => void,
  ) {}

  update({ detail, selected, view }: PageState): void {
    setHidden(this.element, selected === null);
    if (detail === this.#shown && view.aligned === this.#aligned) return;
    this.#shown = detail;
    this.#aligned = view.aligned;
    if (detail) this.#fill(detail);
    else this.element.replaceChildren(el("p", "detail-coming", "…"));
  }

  #fill(detail: RequestDetail): void {
    const left = el("div", "detail-marks", this.#head(detail), this.#marks(detail));
    const right = el(
      "div",
      "detail-why",
      ...this.#formulas(detail),
      ...this.#handler(detail),
      ...this.#children(detail),
    );
    right.append(...notes(detail), ...among(detail));
    this.element.replaceChildren(left, right);
  }

  /** The details as text or JSON to the clipboard. */
  copy(how: "text" | "json"): void {
    // What is shown may still be the request before.
    if (this.#shown?.index !== this.viewer.state.selected || !this.#shown) return;
    const text = how === "json" ? asJson(this.#shown) : asText(this.#shown, this.#aligned);
    this.viewer.conversation.act({ kind: "action", action: "copy", text });
  }

  #head(detail: RequestDetail): HTMLElement {
    const { request } = detail;
    const status = request.status === null ? request.state : String(request.status);
    const bad = request.state === "failed" || request.state === "aborted" || (request.status ?? 0) >= 400;
    const facts = [
      request.state !== "complete" && request.status !== null ? request.state : "",
      request.error ?? "",
      request.bytes === null ? "" : bytes(request.bytes),
      request.connection ? `connection ${request.connection.split(">", 1)[0]}` : "",
      request.worker === null ? "" : `worker ${request.worker}`,
      request.pairing === "none" ? (request.unpaired ?? "not paired") : `paired by ${request.pairing}`,
      ...request.flags,
    ];
    const title = set(el("h2", "detail-title", printable(`${request.method} ${pathOf(request.url)}`)), {
      title: printable(request.url),
    });
    return el(
      "div",
      "detail-head",
      title,
      el("span", `status-${bad ? "error" : request.state === "pending" ? "pending" : "good"}`, status),
      el("span", "dim detail-facts", facts.filter(Boolean).join(" · ")),
      el(
        "span",
        "detail-links",
        this.viewer.hasEditor && link("Compare", "This request and the baseline's on one axis (B)", this.compare),
        link("Copy", "Copy as text (C)", () => this.copy("text")),
        link("JSON", "Copy as JSON (Shift+C)", () => this.copy("json")),
      ),
    );
  }

  #marks(detail: RequestDetail): HTMLElement {
    const lanes = marksTable(detail, this.#aligned);
    const heads = ["Mark", "Symbol", "Time", "Since start ms", "Lasts ms", "Share"].map((text, at) =>
      set(el("th", at > 1 ? "right" : "", text), { scope: "col" }),
    );
    return el("table", "marks", el("thead", "", el("tr", "", ...heads)), ...lanes.map(laneBody));
  }

  #formulas(detail: RequestDetail): Node[] {
    const { log } = detail.request;
    const reveal = (side: "server" | "client") =>
      log[side] &&
      this.#editorLink(
        this.viewer.hasEditor ? `${side} log ↗` : `${log[side].file}:${log[side].line}`,
        `Reveal in the ${side}'s log, line ${count(log[side].line)} (${side === "server" ? "L" : "Shift+L"})`,
        () => this.reveal(side),
      );
    const links = el("span", "detail-links", reveal("server"), reveal("client"));
    const rows = formulas(detail).map(({ name, value, formula, numbers }) =>
      el(
        "tr",
        "",
        set(el("th", "", name), { scope: "row" }),
        el("td", "right", `${exactMillis(value)} ms`),
        el("td", "dim", `${formula} ${numbers}`.trimEnd()),
      ),
    );
    const raw =
      detail.offset && !this.#aligned
        ? [
            el(
              "p",
              "dim",
              `Raw stamps: the server's clock is ${duration(detail.offset.value)} ahead, ${plusMinus(detail.offset.uncertainty)}.`,
            ),
          ]
        : [];
    return [
      el("div", "detail-head", el("h3", "", "Where it went"), links),
      el("table", "formulas", el("tbody", "", ...rows)),
      ...raw,
    ];
  }

  /** Plain text where there is no editor. */
  #editorLink(text: string, title: string, act: () => void): Node {
    return this.viewer.hasEditor ? link(text, title, act) : el("span", "", text);
  }

  reveal(side: "server" | "client"): void {
    const { session, selected } = this.viewer.state;
    if (!session || selected === null) return;
    this.viewer.conversation.act({
      kind: "action",
      action: "reveal-log",
      session: session.key,
      request: selected,
      side,
    });
  }

  open(which: "handler" | "responder" | "child", child?: number): void {
    const { session, selected } = this.viewer.state;
    if (!session || selected === null) return;
    const action = { kind: "action", action: "open-source", session: session.key, request: selected, which } as const;
    this.viewer.conversation.act(child === undefined ? action : { ...action, child });
  }

  #handler({ request: { handler, responder } }: RequestDetail): Node[] {
    if (!handler && !responder) return [];
    const line = (source: SourceLocation, which: "handler" | "responder") => {
      const place = `${source.file}${source.line === null ? "" : `:${source.line}`}`;
      const facts = [
        source.name && !place.includes(source.name) ? source.name : "",
        source.confidence < 1 ? `${percent(source.confidence)} sure` : "",
        which === "responder" ? "sent the response" : "",
      ];
      return el(
        "p",
        "source",
        this.#editorLink(place, "Open the source (Enter)", () => this.open(which)),
        el(
          "span",
          "dim",
          facts
            .filter(Boolean)
            .map((fact) => ` · ${fact}`)
            .join(""),
        ),
      );
    };
    const differs = responder && (responder.file !== handler?.file || responder.line !== handler?.line);
    return [
      el("h3", "", "Handler"),
      ...(handler ? [line(handler, "handler")] : []),
      ...(differs ? [line(responder, "responder")] : []),
    ];
  }

  #children({ request: { children, marks } }: RequestDetail): Node[] {
    if (children.length === 0) return [];
    const rows = children.map((child, at) =>
      el(
        "tr",
        "",
        set(el("th", "", child.kind), { scope: "row" }),
        el(
          "td",
          "",
          child.source
            ? this.#editorLink(child.name, `Open ${sourceName(child.source)}`, () => this.open("child", at))
            : child.name,
        ),
        el("td", "right", `${exactMillis(child.duration)} ms`),
        el(
          "td",
          "dim",
          child.start === null || marks.parseStart === null
            ? ""
            : `from ${exactMillis(child.start - marks.parseStart)} ms`,
        ),
      ),
    );
    return [el("h3", "", "Inside process"), el("table", "formulas inside", el("tbody", "", ...rows))];
  }
}

function laneBody({ clock, whole, lines }: Lane): HTMLElement {
  const head = el(
    "tr",
    "lane-head",
    set(el("th", "", clock === "client" ? "Client" : "Server"), { scope: "rowgroup" }),
    ...Array.from({ length: 4 }, () => el("td")),
    el("td", "right", `of ${whole}`),
  );
  const rows = lines.map(({ key, caption, symbol, time, half, since, lasts, share }) =>
    el(
      "tr",
      time === null ? "unknown" : "",
      set(el("td", "", el("span", `sample sample-${PHASE_AT[key]}`), el("span", "caption", caption)), {
        title: `${caption} (${symbol})`,
      }),
      el("td", "dim", symbol),
      el("td", "right", time === null ? "–" : `${clockTime(Math.round(time))}${half > 0 ? ` ${plusMinus(half)}` : ""}`),
      el("td", "right", exactMillis(since)),
      el("td", "right", lasts === null ? "" : exactMillis(lasts)),
      el("td", "right", share === null ? "" : percent(share)),
    ),
  );
  return el("tbody", "", head, ...rows);
}

const notes = ({ notes }: RequestDetail): Node[] =>
  notes.length === 0 ? [] : [el("h3", "", "Notes"), ...notes.map((note) => el("p", "note", note))];

const among = ({ among }: RequestDetail): Node[] =>
  among === null || among.counts.length === 0
    ? []
    : [
        el("h3", "", `Among ${count(among.count)} of its route`, el("span", "dim", ` ${among.route}`)),
        histogram(among),
      ];

/** Without scheme and host: they are the same for all, and in the title. */
const pathOf = (url: string): string => url.replace(/^[a-z]+:\/\/[^/]*/i, "") || url;
