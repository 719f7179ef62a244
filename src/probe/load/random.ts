/** Random numbers that a seed repeats: a load can be run again as it was. */

export type Random = () => number;

/** sfc32 (Doty-Humphrey): uniform in [0, 1). */
export function seeded(seed: number): Random {
  let a = seed | 0;
  let b = (seed / 2 ** 32) | 0;
  let c = 0x9e3779b9;
  let counter = 1;
  const next = () => {
    const sum = (a + b + counter++) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (c << 21) | (c >>> 11);
    c = (c + sum) | 0;
    return (sum >>> 0) / 2 ** 32;
  };
  for (let i = 0; i < 15; i++) next();
  return next;
}

/** Draws indices with these weights. */
export function weighted(weights: readonly number[], random: Random): () => number {
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  let sum = 0;
  const bounds = weights.map((weight) => {
    sum += weight;
    return sum / total;
  });
  bounds[bounds.length - 1] = 1;
  return () => {
    const draw = random();
    return bounds.findIndex((bound) => draw < bound);
  };
}
