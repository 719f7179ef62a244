/**
 * What the page may say, checked on arrival. The page renders other people's data, so it is not trusted: it may ask
 * about sessions and for a few actions, but it names no files and opens no paths; what it has to be saved is a picture
 * without scripts, and the user says where.
 */
import { isChartQuery, isChartScope } from "../protocol/chart-guards";
import {
  type EngineMethod,
  type EngineParams,
  type EngineRequest,
  GROUP_KEYS,
  type PageAction,
  SORT_KEYS,
} from "../protocol/messages";
import { isPicture } from "./picture";
import {
  finite,
  flag,
  type Guard,
  integer,
  isObject,
  list,
  nullable,
  oneOf,
  optional,
  pair,
  shape,
  text,
} from "./validate";

/** A window of rows stays well under the 256 KB that one message may have (21 doubles a row). */
export const MAX_ROWS = 1_000;
const MAX_BUCKETS = 8_192;
const MAX_COPIED_CHARS = 1_000_000;
/** A route may be a path, which is as long as a log's line. */
const MAX_ROUTE_CHARS = 65_536;

const session = text(4_096);
const page = text(64);
const natural = integer(0, Number.MAX_SAFE_INTEGER);
const side = oneOf("server", "client");
const view = shape({
  filter: text(4_096),
  sort: oneOf(...SORT_KEYS),
  descending: flag,
  group: oneOf(...GROUP_KEYS),
  aligned: flag,
  folded: list(text(4_096), 10_000),
  span: nullable(pair(finite)),
  closed: optional(flag),
});

/** The engine's methods that a page may call, with their parameters. `open`, `close`, `line` and `export` are not here. */
const RELAYED = {
  info: shape({ session }),
  view: shape({ session, page, view }),
  firstRows: shape({ session, page, count: integer(0, MAX_ROWS) }),
  rows: shape({ session, page, revision: natural, from: natural, count: integer(0, MAX_ROWS) }),
  lanes: shape({
    session,
    page,
    revision: natural,
    from: natural,
    count: integer(0, MAX_ROWS),
    span: pair(finite),
    cells: integer(1, MAX_BUCKETS),
  }),
  locate: shape({ session, page, index: natural }),
  chart: shape({ session, scope: isChartScope, query: isChartQuery }),
  overview: shape({ session, from: finite, to: finite, buckets: integer(1, MAX_BUCKETS) }),
  detail: shape({ session, index: natural }),
  position: shape({ session, index: natural, side }),
  complete: shape({ session, filter: text(4_096), caret: natural }),
  problems: shape({ session, limit: integer(0, 10_000) }),
  pair: shape({
    base: session,
    session,
    route: text(MAX_ROUTE_CHARS),
    quantile: finite,
    index: nullable(natural),
  }),
  contradictions: shape({ session, limit: integer(0, 10_000) }),
  differs: shape({ session, filter: text(10_000) }),
} satisfies { [M in EngineMethod]?: Guard<EngineParams<M>> };

export type RelayedMethod = keyof typeof RELAYED;
export type RelayedRequest = Extract<EngineRequest, { method: RelayedMethod }>;

const kind = oneOf("action");
const ACTIONS = {
  ready: shape({ kind, action: oneOf("ready"), session: nullable(session) }),
  "select-session": shape({ kind, action: oneOf("select-session"), session }),
  "open-source": shape({
    kind,
    action: oneOf("open-source"),
    session,
    request: natural,
    which: oneOf("handler", "responder", "child"),
    child: optional(natural),
  }),
  "reveal-log": shape({ kind, action: oneOf("reveal-log"), session, request: natural, side }),
  copy: shape({ kind, action: oneOf("copy"), text: text(MAX_COPIED_CHARS) }),
  "save-svg": shape({ kind, action: oneOf("save-svg"), name: text(200), svg: isPicture }),
  compare: shape({ kind, action: oneOf("compare"), session }),
  record: shape({ kind, action: oneOf("record") }),
  stop: shape({ kind, action: oneOf("stop") }),
  "open-session": shape({ kind, action: oneOf("open-session") }),
  export: shape({ kind, action: oneOf("export") }),
} satisfies { [A in PageAction["action"]]: Guard<unknown> };

/** A message of the page, or null where it is none that a page may send. */
export function parseFromPage(message: unknown): RelayedRequest | PageAction | null {
  if (!isObject(message)) return null;
  if (message.kind === "action") {
    const { action } = message;
    if (typeof action !== "string" || !Object.hasOwn(ACTIONS, action)) return null;
    return ACTIONS[action as PageAction["action"]](message) ? (message as PageAction) : null;
  }
  const { kind, id, method, params, ...rest } = message;
  if (kind !== "request" || !natural(id) || Object.keys(rest).length) return null;
  if (typeof method !== "string" || !Object.hasOwn(RELAYED, method)) return null;
  return RELAYED[method as RelayedMethod](params) ? (message as RelayedRequest) : null;
}
