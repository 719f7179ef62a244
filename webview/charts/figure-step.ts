/** Which of a figure's marks a key or the pointer leads to. */
import type { Mark } from "./figure";

/** A mark is pointed at from so far away, CSS pixels. */
const NEAR = 8;

/** Where a key leads to; null where it leads nowhere. In a grid up and down are its rows, else the neighbours. */
export function step(key: string, at: number, length: number, rows?: number): number | null {
  if (length === 0) return null;
  const clamp = (to: number) => Math.min(length - 1, Math.max(0, to));
  const inColumn = (to: number) => (Math.floor(to / rows!) === Math.floor(at / rows!) ? clamp(to) : at);
  const column = rows ?? 1;
  switch (key) {
    case "ArrowRight":
      return at + column < length ? at + column : at;
    case "ArrowLeft":
      return at - column >= 0 ? at - column : at;
    case "ArrowUp":
      return rows ? inColumn(at + 1) : clamp(at - 1);
    case "ArrowDown":
      return rows ? inColumn(at - 1) : clamp(at + 1);
    case "Home":
      return 0;
    case "End":
      return length - 1;
    default:
      return null;
  }
}

/** The mark under a place, else the nearest one that is not far; −1 where there is none. */
export function nearest(marks: readonly Mark[], x: number, y: number): number {
  let best = -1;
  let least = NEAR;
  marks.forEach((mark, at) => {
    const dx = Math.max(mark.x - x, 0, x - mark.x - mark.width);
    const dy = Math.max(mark.y - y, 0, y - mark.y - mark.height);
    const distance = Math.hypot(dx, dy);
    if (distance < least) {
      least = distance;
      best = at;
    }
  });
  return best;
}
