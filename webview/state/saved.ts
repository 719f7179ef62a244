/** What survives a reload of the window. It was written by an older version of this page: validated on reading. */
import { FIRST_VIEW, GROUP_KEYS, type SessionKey, SORT_KEYS, type View } from "../../src/protocol/messages";
import { type ChartSettings, FIRST_SETTINGS, readSettings } from "../charts/settings";
import type { TimeSpan } from "../time/scale";
import { PAGES, type Page } from "./page-state";

export interface Saved {
  session: SessionKey | null;
  view: View;
  domain: TimeSpan | null;
  selected: number | null;
  top: number;
  detailHeight: number;
  page: Page;
  charts: ChartSettings;
}

export const FIRST_SAVED: Saved = {
  session: null,
  view: FIRST_VIEW,
  domain: null,
  selected: null,
  top: 0,
  detailHeight: 290,
  page: "timeline",
  charts: FIRST_SETTINGS,
};

const isNumber = (value: unknown): value is number => typeof value === "number" && Number.isFinite(value);
const isSpan = (value: unknown): value is TimeSpan =>
  Array.isArray(value) && value.length === 2 && value.every(isNumber) && value[0] < value[1];
const object = (value: unknown): Record<string, unknown> =>
  typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};

export function readSaved(state: unknown): Saved {
  const saved = object(state);
  return {
    session: typeof saved.session === "string" ? saved.session : null,
    view: readView(saved.view),
    domain: isSpan(saved.domain) ? saved.domain : null,
    selected: isNumber(saved.selected) && saved.selected >= 0 ? saved.selected : null,
    top: isNumber(saved.top) ? Math.max(0, saved.top) : 0,
    detailHeight: isNumber(saved.detailHeight) ? saved.detailHeight : FIRST_SAVED.detailHeight,
    page: PAGES.find((page) => page === saved.page) ?? "timeline",
    charts: readSettings(saved.charts),
  };
}

function readView(state: unknown): View {
  const view = object(state);
  return {
    filter: typeof view.filter === "string" ? view.filter : "",
    sort: SORT_KEYS.find((key) => key === view.sort) ?? FIRST_VIEW.sort,
    descending: view.descending === true,
    group: GROUP_KEYS.find((key) => key === view.group) ?? FIRST_VIEW.group,
    aligned: view.aligned !== false,
    folded: Array.isArray(view.folded) ? view.folded.filter((key) => typeof key === "string") : [],
    span: isSpan(view.span) ? view.span : null,
    ...(view.closed === true ? { closed: true } : {}),
  };
}
