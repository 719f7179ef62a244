/** What is known of rows, a block of them at a time, where it is asked for: a block is no long step of a view. */
import type { Store } from "./store";

export const BLOCK_BITS = 12;
export const BLOCK_MASK = (1 << BLOCK_BITS) - 1;

/** `of` is given the numbers of a block's rows, which are there when the block is first asked for. */
export function byBlock<T extends { readonly length: number }>(
  { rows }: Store,
  of: (rows: Uint32Array) => T,
): (block: number) => T {
  const blocks: T[] = [];
  return (block) => {
    const first = block << BLOCK_BITS;
    const length = Math.min(1 << BLOCK_BITS, rows.length - first);
    let known = blocks[block];
    // A recording has grown into the block since.
    if (known === undefined || known.length < length) {
      known = of(Uint32Array.from({ length }, (_, at) => first + at));
      blocks[block] = known;
    }
    return known;
  };
}
