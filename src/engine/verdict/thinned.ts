/** So many rows, evenly taken, where there are more: a few thousand tell what a million would. */
export function thinned(rows: ArrayLike<number>, most: number): Uint32Array {
  const taken = new Uint32Array(Math.min(rows.length, most));
  const step = rows.length / taken.length;
  for (let at = 0; at < taken.length; at++) taken[at] = rows[Math.floor(at * step)]!;
  return taken;
}
