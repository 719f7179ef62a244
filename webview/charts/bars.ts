/** Horizontal bars under each other, each with its name and its numbers: for charts of things that have names. */
import { elided, type Ink, label, type Mark, rect, type Shape, textWidth } from "./figure";

export interface Bar {
  name: string;
  /** Dim, between the name and the bar: a size. */
  note: string;
  /** Over each other, the longest first. */
  parts: { value: number; ink: Ink }[];
  /** At the bar's end. */
  value: string;
  ink: Ink;
  words: string;
}

export const ROW = 21;
const THICK = 13;
/** A part is thinner than what it lies on by so much. */
const THINNER = 6;

export interface BarRoom {
  top: number;
  /** Where the bars begin and end; names and notes stand left of it. */
  x: number;
  width: number;
  names: number;
}

/** `length`: a value's length in pixels. */
export function layoutBars(all: readonly Bar[], room: BarRoom, length: (value: number) => number) {
  const shapes: Shape[] = [];
  const marks: Mark[] = [];
  const right = room.x + room.width;
  all.forEach((bar, at) => {
    const y = room.top + at * ROW;
    shapes.push(label(0, y + 14, elided(bar.name, room.names), "start", bar.ink));
    if (bar.note) shapes.push(label(room.x - 8, y + 14, bar.note, "end"));
    let end = room.x;
    bar.parts.forEach(({ value, ink }, part) => {
      if (!(value > 0)) return;
      const height = THICK - part * THINNER;
      const width = Math.max(1.5, length(value));
      end = Math.max(end, room.x + width);
      shapes.push(rect({ x: room.x, y: y + 3.5 + (THICK - height) / 2, width, height }, ink));
    });
    const outside = end + 6 + textWidth(bar.value) > right + VALUE;
    shapes.push(label(outside ? right + VALUE : end + 6, y + 14, bar.value, outside ? "end" : "start", "strong"));
    marks.push({ x: 0, y, width: right + VALUE, height: ROW, words: bar.words });
  });
  return { shapes, marks };
}

/** Right of the longest bar, for its value. */
export const VALUE = 92;
