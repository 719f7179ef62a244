/** Numbers as people read them, in reports. */

/** µs as `380 µs`, `12.3 ms`, `1.92 s`; `–` where unknown. Three figures, as much as a reader compares. */
export function formatMicros(value: number | null | undefined): string {
  if (value === null || value === undefined || Number.isNaN(value)) return "–";
  const size = Math.abs(value);
  if (size < 1000) return `${Math.round(value)} µs`;
  if (size < 999_500) return `${figures(value / 1000)} ms`;
  return `${figures(value / 1_000_000)} s`;
}

/** Bytes as `598 B`, `9.0 kB`, `32.1 MB`; `–` where unknown. */
export function formatBytes(value: number | null | undefined): string {
  if (value === null || value === undefined || Number.isNaN(value)) return "–";
  if (value < 1000) return `${value} B`;
  if (value < 999_950) return `${(value / 1000).toFixed(1)} kB`;
  return `${(value / 1_000_000).toFixed(1)} MB`;
}

function figures(value: number): string {
  const size = Math.abs(value);
  return value.toFixed(size < 10 ? 2 : size < 100 ? 1 : 0);
}
