/** Rows for the page's unit tests: a complete, paired request, changed where a test needs it. */
import { TEXT_FIELDS, TIME_FIELDS, VALUE_FIELDS } from "../../../src/protocol/messages";
import type { Row } from "../../../webview/rows/row";

const record = <K extends string, V>(keys: readonly K[], value: V) =>
  Object.fromEntries(keys.map((key) => [key, value])) as Record<K, V>;

/** ms relative to the base: client 0 to 100 with its header at 70; server 20 to 80: parse 5, process 45, send 10. */
export function aRow(change: Partial<Omit<Row, "times">> & { times?: Partial<Row["times"]> } = {}): Row {
  const ms = 1_000;
  return {
    position: 0,
    index: 0,
    ordinal: 1,
    state: "complete",
    isGroup: false,
    folded: false,
    hasClient: true,
    hasServer: true,
    hasHandler: true,
    flagged: false,
    interference: false,
    warmup: false,
    values: {
      ...record(VALUE_FIELDS, Number.NaN),
      status: 200,
      bytes: 598,
      clientResponse: 100 * ms,
      serverResponse: 60 * ms,
    },
    texts: { ...record(TEXT_FIELDS, ""), method: "GET", path: "/calendar", handler: "calendar.cgi:1" },
    children: [],
    ...change,
    times: {
      ...record(TIME_FIELDS, Number.NaN),
      requestStart: 0,
      responseStart: 70 * ms,
      responseEnd: 100 * ms,
      clientLast: 100 * ms,
      parseStart: 20 * ms,
      parseEnd: 25 * ms,
      processEnd: 70 * ms,
      sendEnd: 80 * ms,
      serverLast: 80 * ms,
      ...change.times,
    },
  };
}

/** x0, y0, x1, y1 each, of one ink. */
export function rectsOf(list: { rects: Map<string, number[]> }, ink: string): [number, number, number, number][] {
  const flat = list.rects.get(ink) ?? [];
  return Array.from(
    { length: flat.length / 4 },
    (_, at) => flat.slice(at * 4, at * 4 + 4) as [number, number, number, number],
  );
}
