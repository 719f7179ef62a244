/** Numbers in words: durations in µs, sizes in bytes. A dash says that it is not known. */

const EM = "–";
const language = typeof document === "undefined" ? "en" : document.documentElement.lang || undefined;
const whole = new Intl.NumberFormat(language, { maximumFractionDigits: 0 });
const one = new Intl.NumberFormat(language, { minimumFractionDigits: 1, maximumFractionDigits: 1 });
const two = new Intl.NumberFormat(language, { minimumFractionDigits: 2, maximumFractionDigits: 2 });
const three = new Intl.NumberFormat(language, { minimumFractionDigits: 3, maximumFractionDigits: 3 });
const upToThree = new Intl.NumberFormat(language, { maximumFractionDigits: 3 });

export const known = (value: number | null | undefined): value is number => value != null && !Number.isNaN(value);

export const count = (value: number): string => whole.format(value);

/** Milliseconds with as many digits as a column of them needs: 0.05, 1.2, 41.2, 512, 1,920. */
export function millis(micros: number | null): string {
  if (!known(micros)) return EM;
  const ms = micros / 1_000;
  const size = Math.abs(ms);
  if (size >= 99.95) return whole.format(ms);
  return size > 0 && size < 0.095 ? two.format(ms) : one.format(ms);
}

/** The same, in a unit that is said once they are too many for a narrow column: 99,999, 120 s, 17 min, 2.0 h. */
export function fewMillis(micros: number | null): string {
  const seconds = Math.abs(micros ?? Number.NaN) / 1e6;
  if (!(seconds >= 99.9995)) return millis(micros);
  if (seconds < 999.5) return `${whole.format(micros! / 1e6)} s`;
  if (seconds < 5_970) return `${whole.format(micros! / 6e7)} min`;
  return `${(seconds < 359_640 ? one : whole).format(micros! / 3.6e9)} h`;
}

/** Milliseconds to the microsecond: 512.104. */
export const exactMillis = (micros: number | null): string => (known(micros) ? three.format(micros / 1_000) : EM);

/** A duration with its unit: 38 µs, 1.2 ms, 220 ms, 1.92 s, 2 min 5 s. */
export function duration(micros: number | null): string {
  if (!known(micros)) return EM;
  const size = Math.abs(micros);
  if (size < 999.5) return `${whole.format(micros)} µs`;
  if (size < 999_500) return `${millis(micros)} ms`;
  if (size < 60_000_000) return `${two.format(micros / 1_000_000)} s`;
  const [big, small] = size < 3_600_000_000 ? (["min", "s"] as const) : (["h", "min"] as const);
  const units = Math.round(size / (big === "min" ? 1_000_000 : 60_000_000));
  const rest = units % 60 === 0 ? "" : ` ${whole.format(units % 60)} ${small}`;
  return `${micros < 0 ? "-" : ""}${whole.format(Math.trunc(units / 60))} ${big}${rest}`;
}

/** An uncertainty: ± 0.1 ms, ± 40 µs. */
export const plusMinus = (micros: number): string => `± ${duration(micros)}`;

export function bytes(value: number | null): string {
  if (!known(value)) return EM;
  if (value < 1_000) return `${whole.format(value)} B`;
  if (value < 999_950) return `${one.format(value / 1_000)} kB`;
  if (value < 999_950_000) return `${one.format(value / 1_000_000)} MB`;
  if (value < 999_950_000_000) return `${one.format(value / 1_000_000_000)} GB`;
  return `${one.format(value / 1_000_000_000_000)} TB`;
}

export const percent = (part: number): string => (known(part) ? `${one.format(part * 100)} %` : EM);

/** A multiple of a unit, for axes: at most three decimals, none where not needed. */
export const plain = (value: number): string => upToThree.format(value);
