/** One row's cells. A fixed pool of these is moved over the rows in sight; a cell is written only when it changed. */
import { printable } from "../../src/model/printable";
import type { Column, ColumnKey } from "../layout/columns";
import type { Row } from "../rows/row";
import { fewMillis } from "../words/numbers";
import { sizeText, statusClass, statusText, timelineText } from "../words/row-text";
import { el, set, setText } from "./dom";

export class RowView {
  readonly element: HTMLElement;
  readonly #cells = new Map<ColumnKey, HTMLElement>();
  readonly #timeline = set(el("span", "cell-timeline"), { role: "gridcell" });
  readonly #pathHead = el("span", "path-head");
  readonly #pathTail = el("span", "path-tail");
  readonly #note = el("span", "group-note");
  #row: Row | undefined | null = null;
  #transform = "";
  #classes = "row row-spare";
  position = -1;

  constructor(id: string, columns: readonly Column[]) {
    columns.forEach((column, at) => {
      const cell = set(el("span", `cell cell-${column.key} ${column.align}`), {
        role: "gridcell",
        "aria-colindex": at + 1,
      });
      if (column.key === "path") cell.append(this.#pathHead, this.#pathTail, this.#note);
      this.#cells.set(column.key, cell);
    });
    this.#timeline.setAttribute("aria-colindex", String(columns.length + 1));
    this.element = set(el("div", "row row-spare", ...this.#cells.values(), this.#timeline), { role: "row", id });
  }

  place(position: number, y: number, row: Row | undefined, selected: boolean, hovered: boolean): void {
    const transform = `translateY(${y}px)`;
    if (transform !== this.#transform) this.element.style.transform = this.#transform = transform;
    if (position !== this.position) this.element.setAttribute("aria-rowindex", String(position + 2));
    this.position = position;
    const classes = [
      "row",
      selected && "row-selected",
      hovered && "row-hovered",
      row?.isGroup && "row-group",
      row?.interference && "row-foreign",
      !row && "row-coming",
    ]
      .filter(Boolean)
      .join(" ");
    if (classes !== this.#classes) {
      this.element.className = this.#classes = classes;
      this.element.setAttribute("aria-selected", String(selected));
    }
    if (row === this.#row) return;
    this.#row = row;
    this.#fill(row);
  }

  hide(): void {
    if (this.position === -1) return;
    this.position = -1;
    this.#row = null;
    this.element.className = this.#classes = "row row-spare";
    this.element.removeAttribute("aria-rowindex");
  }

  #fill(row: Row | undefined): void {
    for (const [key, cell] of this.#cells) {
      if (key === "path") this.#fillPath(cell, row);
      else setText(cell, row ? cellText(row, key) : "");
      if (key === "status")
        cell.className = `cell cell-status right status-${row && !row.isGroup ? statusClass(row) : "dim"}`;
    }
    setText(this.#timeline, row && !row.isGroup ? timelineText(row) : "");
    if (row?.isGroup) this.element.setAttribute("aria-expanded", String(!row.folded));
    else this.element.removeAttribute("aria-expanded");
  }

  #fillPath(cell: HTMLElement, row: Row | undefined): void {
    const path = printable(row?.texts.path ?? "");
    const isGroup = row?.isGroup ?? false;
    const [head, tail] = isGroup ? ["", `${row?.folded ? "▸" : "▾"} ${path}`] : splitPath(path);
    setText(this.#pathHead, head);
    setText(this.#pathTail, tail);
    setText(this.#note, isGroup ? (row?.texts.note ?? "") : "");
    cell.title = !row ? "" : isGroup ? `${path}: ${row.texts.note}` : `${printable(row.texts.host)}${path}`;
  }
}

/** Before and from the last slash of the path proper: `/images` and `/header.jpg?size=2`. */
function splitPath(path: string): readonly [head: string, tail: string] {
  const query = path.indexOf("?");
  const end = (query < 0 ? path : path.slice(0, query)).replace(/\/$/, "").lastIndexOf("/");
  return end <= 0 ? ["", path] : [path.slice(0, end), path.slice(end)];
}

function cellText(row: Row, key: Exclude<ColumnKey, "path">): string {
  if (row.isGroup && (key === "number" || key === "method" || key === "status")) return "";
  switch (key) {
    case "number":
      return String(row.ordinal);
    case "method":
      return row.texts.method;
    case "status":
      return statusText(row);
    case "bytes":
      return sizeText(row);
    case "clientResponse":
    case "serverResponse":
    case "network":
      return fewMillis(row.values[key]);
  }
}
