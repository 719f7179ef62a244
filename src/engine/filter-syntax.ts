/**
 * The filter language's form: terms separated by blanks, all of which must hold. `key:value`, `-key:value` for the
 * opposite, `"…"` around a value with blanks, a bare word to search for. What the keys mean is filter-keys.ts.
 */

export interface Term {
  /** Null: a bare word. */
  key: string | null;
  negated: boolean;
  value: string;
  /** Character range of the whole term, and where its value begins. */
  from: number;
  to: number;
  valueFrom: number;
}

export interface FilterError {
  message: string;
  from: number;
  to: number;
}

const TERM = /(-?)(?:([A-Za-z]+):)?("(?:[^"]*)"?|[^\s"]\S*)?/y;

export function parseFilter(text: string): { terms: Term[] } | { error: FilterError } {
  const terms: Term[] = [];
  let at = 0;
  while (at < text.length) {
    if (/\s/.test(text[at]!)) {
      at++;
      continue;
    }
    TERM.lastIndex = at;
    const match = TERM.exec(text)!;
    const [whole, minus = ""] = match;
    let key: string | undefined = match[2];
    let raw = match[3] ?? "";
    if (whole === "") return { error: { message: "nothing to search for", from: at, to: at + 1 } };
    // An address is a word, though it has a colon.
    if (key && raw.startsWith("//")) [key, raw] = [undefined, `${key}:${raw}`];
    const to = at + whole.length;
    const valueFrom = to - raw.length;
    if (raw.startsWith('"') && (raw.length < 2 || !raw.endsWith('"')))
      return { error: { message: 'a closing " is missing', from: valueFrom, to } };
    const value = raw.startsWith('"') ? raw.slice(1, -1) : raw;
    if (value === "")
      return { error: { message: key ? `${key}: needs a value` : "nothing to search for", from: at, to } };
    terms.push({ key: key?.toLowerCase() ?? null, negated: minus === "-", value, from: at, to, valueFrom });
    at = to;
  }
  return { terms };
}

export interface Comparison {
  least: number;
  most: number;
}

/** `>200ms`, `>=500`, `<1MB`, `=3`, `200..500`, `200`; null where it is none. `units` maps a suffix to its factor. */
export function parseComparison(value: string, units: Readonly<Record<string, number>>): Comparison | null {
  const range = /^([^.]+(?:\.\d+)?[^.]*)\.\.(.+)$/.exec(value);
  if (range) {
    const least = quantity(range[1]!, units);
    const most = quantity(range[2]!, units);
    return least === null || most === null ? null : { least, most };
  }
  const match = /^(>=|<=|>|<|=)?(.+)$/.exec(value);
  const amount = match && quantity(match[2]!, units);
  if (!match || amount === null) return null;
  switch (match[1]) {
    case ">":
      return { least: after(amount), most: Number.POSITIVE_INFINITY };
    case ">=":
      return { least: amount, most: Number.POSITIVE_INFINITY };
    case "<":
      return { least: Number.NEGATIVE_INFINITY, most: -after(-amount) };
    case "<=":
      return { least: Number.NEGATIVE_INFINITY, most: amount };
    default:
      return { least: amount, most: amount };
  }
}

/** Halves of a µs are the finest values there are (the middle of an interval). */
const after = (amount: number): number => amount + 0.25;

function quantity(text: string, units: Readonly<Record<string, number>>): number | null {
  const match = /^(-?\d+(?:\.\d+)?)\s*([A-Za-zµμ%]*)$/.exec(text);
  if (!match) return null;
  const suffix = match[2]!.toLowerCase();
  if (!Object.hasOwn(units, suffix)) return null;
  return Number(match[1]) * units[suffix]!;
}
