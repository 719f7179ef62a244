/** Objects in order of size, each with its R C and, over it, its R S. */
import { scaleLinear } from "d3";
import type { ObjectItem, ObjectsData } from "../../src/protocol/charts";
import { bytes, count, duration } from "../words/numbers";
import { layoutBars, ROW, VALUE } from "./bars";
import { type Chart, type Context, requests } from "./chart";
import { type Figure, label, rect, type Table } from "./figure";

const TOP = 24;
const NOTE = 62;

export const objectsChart: Chart<ObjectsData> = {
  empty: ({ items, unsized }) =>
    items.length === 0
      ? unsized
        ? "No size is known of any object here: these logs do not tell it."
        : "There is no object here."
      : null,
  layout,
  table,
};

function layout(data: ObjectsData, { width }: Context): Figure {
  const names = Math.min(300, Math.max(120, width * 0.34));
  const x = names + NOTE;
  const room = { top: TOP, x, width: width - x - VALUE, names: names - 12 };
  const most = Math.max(1, ...data.items.map((item) => longest(item)));
  const scale = scaleLinear([0, most], [0, room.width]);
  const { shapes, marks } = layoutBars(
    data.items.map((item) => ({
      name: item.path,
      note: bytes(item.bytes),
      parts: [
        { value: item.clientResponse, ink: "client" },
        { value: item.serverResponse, ink: "server" },
      ],
      value: duration(Number.isNaN(item.clientResponse) ? item.serverResponse : item.clientResponse),
      ink: "strong",
      words: itemWords(item),
    })),
    room,
    scale,
  );
  shapes.push(
    rect({ x, y: 5, width: 14, height: 9 }, "client"),
    label(x + 19, 13, "R C"),
    rect({ x: x + 52, y: 7, width: 14, height: 5 }, "server"),
    label(x + 71, 13, "R S"),
    label(x - 8, 13, "size", "end"),
    label(0, 13, "object, by size"),
  );
  return { width, height: TOP + data.items.length * ROW + 6, shapes, marks, summary: summary(data) };
}

/** Of the two that are known. */
const longest = ({ clientResponse, serverResponse }: ObjectItem): number =>
  Math.max(Number.isNaN(clientResponse) ? 0 : clientResponse, Number.isNaN(serverResponse) ? 0 : serverResponse);

const itemWords = ({ path, bytes: size, count: n, clientResponse, serverResponse }: ObjectItem): string =>
  `${path}, ${bytes(size)}: R C ${duration(clientResponse)}, R S ${duration(serverResponse)}, means of ${requests(n, count(n))}`;

function summary({ items, of, page, unsized }: ObjectsData): string {
  const shown =
    items.length < of ? `the ${count(items.length)} largest of ${count(of)} objects` : `${count(of)} objects`;
  const left = unsized ? `; ${count(unsized)} of unknown size left out` : "";
  return `${shown}${page === null ? "" : ` of ${page}`} in order of size, with the means of R C and R S${left}`;
}

function table({ items }: ObjectsData): Table {
  return {
    head: ["Object", "Size", "Requests", "R C mean", "R S mean"],
    rows: items.map((item) => [
      item.path,
      bytes(item.bytes),
      count(item.count),
      duration(item.clientResponse),
      duration(item.serverResponse),
    ]),
  };
}
