/** What each chart of the page is: pure functions of its data. */

import type { Zone } from "../../src/model/wall-clock";
import type { ChartData, Measure } from "../../src/protocol/charts";
import type { Figure, Table } from "./figure";

/** What a chart needs besides its data. */
export interface Context {
  /** CSS pixels. */
  width: number;
  /** µs since the epoch; times of the data are relative to it, where they are not of a day. */
  base: number;
  zone: Zone;
}

export interface Chart<D extends ChartData> {
  /** Why there is nothing to be seen, in a sentence; null where there is. */
  empty(data: D): string | null;
  layout(data: D, context: Context): Figure;
  table(data: D, context: Context): Table;
}

export const SYMBOLS: Readonly<Record<Measure, string>> = {
  clientResponse: "R C",
  serverResponse: "R S",
  network: "network",
  queue: "T C,Queue",
  wait: "wait",
  process: "process",
};

export const MEASURE_NAMES: Readonly<Record<Measure, string>> = {
  clientResponse: "R C, client response",
  serverResponse: "R S, server response",
  network: "network",
  queue: "T C,Queue, queue at the server",
  wait: "wait for the header",
  process: "process, at the server",
};

/** As in the filter language. */
export const FILTER_KEYS: Readonly<Record<Measure, string>> = {
  clientResponse: "rc",
  serverResponse: "rs",
  network: "net",
  queue: "queue",
  wait: "wait",
  process: "process",
};

/** `UTC−07:00`; of a clock that changes, the zone that it begins with. */
export function zoneName(zone: Zone): string {
  const minutes = zone[0]?.[1] ?? 0;
  const two = (value: number) => String(Math.floor(value)).padStart(2, "0");
  return `UTC${minutes < 0 ? "−" : "+"}${two(Math.abs(minutes) / 60)}:${two(Math.abs(minutes) % 60)}`;
}

export const requests = (n: number, written: string): string => `${written} ${n === 1 ? "request" : "requests"}`;
