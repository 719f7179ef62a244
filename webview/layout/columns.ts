/** Which columns a width has room for. The timeline always gets the rest, and never less than a third. Pure. */

export const COLUMNS = [
  { key: "number", title: "#", sort: "start", width: 46, align: "left" },
  { key: "method", title: "Method", sort: "method", width: 70, align: "left" },
  { key: "path", title: "Path", sort: "path", width: 0, align: "left" },
  { key: "status", title: "Status", sort: "status", width: 72, align: "right" },
  { key: "bytes", title: "Size", sort: "bytes", width: 70, align: "right" },
  { key: "clientResponse", title: "R C", sort: "clientResponse", width: 60, align: "right" },
  { key: "serverResponse", title: "R S", sort: "serverResponse", width: 56, align: "right" },
  { key: "network", title: "Network", sort: "network", width: 76, align: "right" },
] as const;

export type Column = (typeof COLUMNS)[number];
export type ColumnKey = Column["key"];

export interface ColumnPlan {
  columns: readonly Column[];
  /** `grid-template-columns` of a row, the timeline not included. */
  template: string;
  /** CSS pixels. */
  tableWidth: number;
  timelineWidth: number;
  /** Too narrow for more than a path's last part. */
  tight: boolean;
}

const TIGHT = 160;

/** Given up first to last as it gets narrower; path is never given up. */
const LEAST_WIDTHS: [ColumnKey, number][] = [
  ["bytes", 1_000],
  ["network", 860],
  ["number", 780],
  ["serverResponse", 720],
  ["method", 640],
  ["status", 460],
  ["clientResponse", 300],
];

export function planColumns(width: number): ColumnPlan {
  const gone = new Set(LEAST_WIDTHS.filter(([, least]) => width < least).map(([key]) => key));
  const columns = COLUMNS.filter((column) => !gone.has(column.key));
  const fixed = columns.reduce((sum, column) => sum + column.width, 0);
  const path = Math.round(Math.min(340, Math.max(width < 860 ? 96 : 170, width * 0.48 - fixed)));
  const tableWidth = Math.min(fixed + path, Math.round(width * 0.67));
  const template = columns.map((column) => `${column.key === "path" ? tableWidth - fixed : column.width}px`).join(" ");
  return {
    columns,
    template,
    tableWidth,
    timelineWidth: Math.max(0, width - tableWidth),
    tight: tableWidth - fixed < TIGHT,
  };
}
