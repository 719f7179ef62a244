/** What the layout decides and the canvas paints: rectangles by ink, few marks and texts. All in CSS pixels. */

export const INKS = [
  "groupGround",
  "selection",
  "selectionEdge",
  "hover",
  "grid",
  "group",
  "setup",
  "client",
  "queue",
  "parse",
  "process",
  "send",
  "child",
  "border",
  "arrival",
  "uncertain",
  "density",
  "percentile",
  "failed",
  "pending",
  "text",
  "textStrong",
  "link",
] as const;

/** A colour by its role; which colour that is, the theme says. */
export type Ink = (typeof INKS)[number];

/** A diamond (header mark), a cross (where a request broke off) or a chevron (outside the picture). */
export interface Mark {
  shape: "diamond" | "cross" | "left" | "right";
  ink: Ink;
  x: number;
  y: number;
  radius: number;
}

/** Fades from full to nothing: what has not ended yet. */
export interface Fade {
  ink: Ink;
  x0: number;
  y0: number;
  x1: number;
  y1: number;
}

export interface Label {
  text: string;
  ink: Ink;
  x: number;
  y: number;
  align: "left" | "right";
  /** The label is cut with an ellipsis at this width. */
  width: number;
}

export class DrawList {
  /** Per ink x0, y0, x1, y1 after one another: edges, not sizes, so that neighbours share a snapped edge. */
  readonly rects = new Map<Ink, number[]>(INKS.map((ink) => [ink, []]));
  readonly marks: Mark[] = [];
  readonly fades: Fade[] = [];
  readonly labels: Label[] = [];

  rect(ink: Ink, x0: number, y0: number, x1: number, y1: number): void {
    this.rects.get(ink)!.push(x0, y0, x1, y1);
  }
}
