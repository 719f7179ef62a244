/**
 * A run's requests are correlated: a garbage collection or a busy neighbour slows all that come with it. Means of blocks
 * of time are nearly independent once a block is longer than what they have in common, and so are fit for a test.
 */
import { meanBetween, meanOf } from "./mean";

const MOST = 40;
export const FEWEST = 10;
/** Requests in a block, at least where there are enough. */
const SIZE = 3;
/** Correlation of neighbouring blocks above which blocks are made longer. */
const CORRELATED = 0.25;

/** Means of blocks of values in order of time. Fewer and longer blocks where neighbours are still correlated. */
export function blockMeans(values: Float64Array): Float64Array {
  let means = split(values, Math.min(MOST, Math.floor(values.length / SIZE)));
  while (means.length >= 2 * FEWEST && correlation(means) > CORRELATED)
    means = split(values, Math.floor(means.length / 2));
  return means;
}

function split(values: Float64Array, blocks: number): Float64Array {
  const means = new Float64Array(blocks);
  let from = 0;
  for (let block = 0; block < blocks; block++) {
    const to = Math.floor(((block + 1) * values.length) / blocks);
    means[block] = meanBetween(values, from, to);
    from = to;
  }
  return means;
}

/** Of neighbours: lag-1 autocorrelation. */
function correlation(values: Float64Array): number {
  const mean = meanOf(values);
  let together = 0;
  let own = 0;
  for (let i = 0; i < values.length; i++) {
    own += (values[i]! - mean) ** 2;
    if (i > 0) together += (values[i]! - mean) * (values[i - 1]! - mean);
  }
  return own > 0 ? together / own : 0;
}
