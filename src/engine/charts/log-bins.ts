/** Bins of equal width on a logarithmic axis. */
import type { LogBins } from "../../protocol/charts";

/** Bins a decade that are offered: their edges include the powers of ten. */
const STEPS = [2, 5, 10, 20, 40, 80];

/** About `wanted` bins over what lies between the smallest and the largest value, both above 0. */
export function logBins(min: number, max: number, wanted: number): LogBins {
  if (!(min > 0 && max >= min)) return { first: 0, perDecade: STEPS[0]!, length: 0 };
  const decades = Math.max(0.05, Math.log10(max / min));
  const perDecade = STEPS.findLast((step) => step * decades <= wanted) ?? STEPS[0]!;
  const first = Math.floor(Math.log10(min) * perDecade);
  return { first, perDecade, length: Math.floor(Math.log10(max) * perDecade) - first + 1 };
}

/** The bin of a value above 0, kept inside: logarithms of edges are rounded. */
export function binOf({ first, perDecade, length }: LogBins, value: number): number {
  const bin = Math.floor(Math.log10(value) * perDecade) - first;
  return bin < 0 ? 0 : bin >= length ? length - 1 : bin;
}
