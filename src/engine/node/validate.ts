/** Requests from another thread (and, relayed, from the page) are looked at before they are believed. */

import { isBudget } from "../../model/compare/budgets";
import { isChartQuery, isChartScope } from "../../protocol/chart-guards";
import {
  type EngineMethod,
  type EngineRequest,
  GROUP_KEYS,
  MOST_MEMORY,
  SORT_KEYS,
  type View,
} from "../../protocol/messages";

type Check = (value: unknown) => boolean;

const text: Check = (value) => typeof value === "string";
const flag: Check = (value) => typeof value === "boolean";
const number: Check = (value) => typeof value === "number" && Number.isFinite(value);
const natural: Check = (value) => Number.isSafeInteger(value) && (value as number) >= 0;
const atMost =
  (most: number): Check =>
  (value) =>
    natural(value) && (value as number) >= 1 && (value as number) <= most;
const among =
  (allowed: readonly string[]): Check =>
  (value) =>
    text(value) && allowed.includes(value as string);
const optional =
  (check: Check): Check =>
  (value) =>
    value === undefined || check(value);
const listOf =
  (check: Check): Check =>
  (value) =>
    Array.isArray(value) && value.every(check);
const object = (value: unknown): value is Record<string, unknown> => typeof value === "object" && value !== null;
const span: Check = (value) => value === null || (Array.isArray(value) && value.length === 2 && value.every(number));

const filter: Check = (value) => text(value) && (value as string).length <= 10_000;

const VIEW: Record<keyof View, Check> = {
  filter,
  sort: among(SORT_KEYS),
  descending: flag,
  group: among(GROUP_KEYS),
  aligned: flag,
  folded: listOf(text),
  span,
  closed: optional(flag),
};
const view: Check = (value) => object(value) && fault(value, VIEW) === null;
const sessions: Check = (value) => listOf(text)(value) && (value as string[]).length > 0;
const side = among(["client", "server"]);

/** A window is what a screen shows, with some to scroll; more would clog the channel. */
const MOST_ROWS = 10_000;
const MOST_BUCKETS = 20_000;

const PARAMS: Record<EngineMethod, Record<string, Check>> = {
  open: {
    paths: listOf(text),
    follow: flag,
    memory: optional(atMost(MOST_MEMORY)),
    zone: optional(number),
    directive: optional(text),
  },
  close: { session: text },
  info: { session: text },
  view: { session: text, page: text, view },
  firstRows: { session: text, page: text, count: atMost(MOST_ROWS) },
  rows: {
    session: text,
    page: text,
    revision: natural,
    from: natural,
    count: (value) => natural(value) && (value as number) <= MOST_ROWS,
  },
  locate: { session: text, page: text, index: natural },
  lanes: {
    session: text,
    page: text,
    revision: natural,
    from: natural,
    count: (value) => natural(value) && (value as number) <= MOST_ROWS,
    span: (value) => value !== null && span(value),
    cells: atMost(MOST_BUCKETS),
  },
  chart: { session: text, scope: isChartScope, query: isChartQuery },
  overview: { session: text, from: number, to: number, buckets: atMost(MOST_BUCKETS) },
  detail: { session: text, index: natural },
  line: { file: text, line: natural },
  position: { session: text, index: natural, side },
  complete: { session: text, filter: text, caret: natural },
  problems: { session: text, limit: natural },
  contradictions: { session: text, limit: natural },
  compare: { base: sessions, sessions },
  pair: {
    base: text,
    session: text,
    route: text,
    quantile: (value) => number(value) && (value as number) >= 0 && (value as number) <= 1,
    index: (value) => value === null || natural(value),
  },
  overruns: { session: text, budgets: listOf(isBudget) },
  differs: { session: text, filter },
  export: { session: text, format: among(["json", "markdown", "csv", "html", "table"]), file: text },
};

function fault(value: Record<string, unknown>, checks: Record<string, Check>): string | null {
  for (const name in checks) if (!checks[name]!(value[name])) return name;
  return null;
}

/** The message as a request, or why it is none. */
export function readRequest(message: unknown): EngineRequest | { id: number; problem: string } {
  if (!object(message) || !natural(message.id)) return { id: 0, problem: "not a request" };
  const id = message.id as number;
  const { method, params } = message;
  if (typeof method !== "string" || !Object.hasOwn(PARAMS, method)) return { id, problem: "unknown method" };
  if (!object(params)) return { id, problem: `${method}: no parameters` };
  const wrong = fault(params, PARAMS[method as EngineMethod]);
  return wrong === null ? (message as EngineRequest) : { id, problem: `${method}: ${wrong} is not valid` };
}
