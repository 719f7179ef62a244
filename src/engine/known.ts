/** Columns of values, of which NaN is unknown. */

export function isUnknown(values: Float64Array): boolean {
  for (let at = 0; at < values.length; at++) if (!Number.isNaN(values[at]!)) return false;
  return true;
}

export function isAnyUnknown(values: Float64Array): boolean {
  for (let at = 0; at < values.length; at++) if (Number.isNaN(values[at]!)) return true;
  return false;
}

/** The known ones in their order; moved together in place. */
export function known(values: Float64Array): Float64Array {
  let count = 0;
  while (count < values.length && !Number.isNaN(values[count]!)) count++;
  if (count === values.length) return values;
  for (let at = count; at < values.length; at++) if (!Number.isNaN(values[at]!)) values[count++] = values[at]!;
  return values.subarray(0, count);
}
