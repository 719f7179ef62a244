/**
 * A chart as a picture: shapes in CSS pixels with inks instead of colours, and the marks that can be pointed at or walked
 * through by keyboard. Layout makes it, painting and exporting read it; it knows no DOM.
 */
import type { RequestIndex } from "../../src/protocol/messages";

/** `--chart-<ink>` of styles/charts.css. */
export const INKS = ["ground", "text", "strong", "grid", "axis", "client", "server", "bar", "peak", "failed"] as const;
export type Ink = (typeof INKS)[number];

export interface Shape {
  tag: "line" | "rect" | "path" | "circle" | "text";
  /** SVG's own attributes, as they stand in the picture. */
  at: Record<string, string | number>;
  fill?: Ink;
  stroke?: Ink;
  text?: string;
}

/** What one can point at. The words say all that the shape shows. */
export interface Mark {
  x: number;
  y: number;
  width: number;
  height: number;
  words: string;
  request?: RequestIndex;
}

export interface Figure {
  width: number;
  height: number;
  shapes: Shape[];
  /** In reading order; in a grid column by column. */
  marks: Mark[];
  /** Rows of a grid of marks; arrows go up and down in it. */
  rows?: number;
  /** The plot, where a region can be chosen. */
  plot?: Box;
  /** In one sentence, for those who do not see it, and under an exported picture. */
  summary: string;
}

export interface Box {
  x: number;
  y: number;
  width: number;
  height: number;
}

export interface Table {
  head: string[];
  /** As wide as the head; the first cell of a row names it. */
  rows: string[][];
}

/** Tenths of a pixel are enough, and make a small file. */
const r = (value: number): number => Math.round(value * 10) / 10;

export const line = (x1: number, y1: number, x2: number, y2: number, stroke: Ink, more: Shape["at"] = {}): Shape => ({
  tag: "line",
  at: { x1: r(x1), y1: r(y1), x2: r(x2), y2: r(y2), ...more },
  stroke,
});

export const rect = ({ x, y, width, height }: Box, fill: Ink, more: Shape["at"] = {}): Shape => ({
  tag: "rect",
  at: { x: r(x), y: r(y), width: r(Math.max(0, width)), height: r(Math.max(0, height)), ...more },
  fill,
});

export const dot = (
  cx: number,
  cy: number,
  radius: number,
  ink: { fill?: Ink; stroke?: Ink },
  more: Shape["at"] = {},
) => ({ tag: "circle", at: { cx: r(cx), cy: r(cy), r: radius, ...more }, ...ink }) satisfies Shape;

export const path = (d: string, ink: { fill?: Ink; stroke?: Ink }, more: Shape["at"] = {}): Shape => ({
  tag: "path",
  at: { d, ...more },
  ...ink,
});

export type Anchor = "start" | "middle" | "end";

export const label = (
  x: number,
  y: number,
  text: string,
  anchor: Anchor = "start",
  fill: Ink = "text",
  more: Shape["at"] = {},
): Shape => ({ tag: "text", at: { x: r(x), y: r(y), "text-anchor": anchor, ...more }, fill, text });

/** Through known points alone, as `M… L…`. */
export function polyline(points: readonly (readonly [x: number, y: number])[]): string {
  const known = points.filter(([x, y]) => !Number.isNaN(x + y));
  return known.map(([x, y], at) => `${at ? "L" : "M"}${r(x)} ${r(y)}`).join("");
}

/** Width of a text of the charts' small size, CSS pixels: near enough to leave room for it. */
export const textWidth = (text: string): number => text.length * 6.1;

/** Cut to a width, with an ellipsis in its middle: both ends of a path tell something. */
export function elided(text: string, width: number): string {
  const room = Math.max(4, Math.floor(width / 6.3));
  if (text.length <= room) return text;
  const head = Math.ceil((room - 1) / 2);
  return `${text.slice(0, head)}…${text.slice(text.length - (room - 1 - head))}`;
}
