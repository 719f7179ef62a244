/** Records as drafts: the general path. The byte scanner (scan.ts) fills the same fields from bytes. */
import type { ClientRecord, PendingRecord, RequestState, ResourceKind, ServerRecord } from "../model/record";
import { CLIENT_LAYOUT, type Draft, SERVER_LAYOUT } from "./fields";
import type { LogPart } from "./log-part";
import type { Store } from "./store";

export const STATES = ["complete", "pending", "aborted", "failed"] as const satisfies readonly RequestState[];
export const KINDS = [
  "document",
  "image",
  "script",
  "style",
  "dynamic",
  "other",
] as const satisfies readonly ResourceKind[];

const C = CLIENT_LAYOUT.at;
const S = SERVER_LAYOUT.at;

type AnyClient = ClientRecord | Extract<PendingRecord, { side: "client" }>;
type AnyServer = ServerRecord | Extract<PendingRecord, { side: "server" }>;

const numberOf = (value: number | undefined): number => value ?? Number.NaN;

/** The length of a URL's scheme and authority; 0 where it is a path alone. */
export function originLength(url: string): number {
  const authority = url.indexOf("://") + 3;
  if (authority < 3 || /[/?#]/.test(url.slice(0, authority - 2))) return 0;
  const rest = url.slice(authority).search(/[/?#]/);
  return rest < 0 ? url.length : authority + rest;
}

/** Fills what both sides have. The two layouts begin with the same fields in the same order. */
function fillCommon(draft: Draft, record: AnyClient | AnyServer, store: Store, part: LogPart, line: number): void {
  const { names, texts, ids } = store.strings;
  draft.fill(Number.NaN);
  draft[C.log] = part.number;
  draft[C.line] = line;
  draft[C.req] = record.req;
  if (record.id !== undefined) draft[C.id] = ids.add(record.id);
  if (record.conn !== undefined) draft[C.conn] = texts.add(record.conn);
  draft[C.ord] = numberOf(record.ord);
  if (record.protocol !== undefined) draft[C.protocol] = names.add(record.protocol);
  draft[C.method] = names.add(record.method);
  draft[C.status] = numberOf(record.status);
  draft[C.bytes] = numberOf(record.bytes);
  draft[C.state] = STATES.indexOf(record.type === "pending" ? "pending" : (record.state ?? "complete"));
  if (record.error !== undefined) draft[C.error] = texts.add(record.error);
}

export function draftClient(draft: Draft, record: AnyClient, store: Store, part: LogPart, line: number): void {
  fillCommon(draft, record, store, part, line);
  const { names, texts } = store.strings;
  const origin = originLength(record.url);
  draft[C.origin] = names.add(record.url.slice(0, origin));
  draft[C.target] = texts.add(record.url.slice(origin));
  if (record.kind !== undefined) draft[C.kind] = KINDS.indexOf(record.kind);
  draft[C.page] = numberOf(record.page);
  draft[C.hop] = numberOf(record.hop);
  draft[C.pass] = numberOf(record.pass);
  if (record.warmup) draft[C.warmup] = 1;
  if (record.initiator !== undefined) draft[C.initiator] = texts.add(record.initiator);
  if (record.cache !== undefined) draft[C.cache] = names.add(record.cache);
  draft[C.requestStart] = numberOf(record.requestStart);
  draft[C.fetchStart] = numberOf(record.fetchStart);
  draft[C.intendedStart] = numberOf(record.intendedStart);
  draft[C.domainLookupStart] = numberOf(record.domainLookupStart);
  draft[C.domainLookupEnd] = numberOf(record.domainLookupEnd);
  draft[C.connectStart] = numberOf(record.connectStart);
  draft[C.secureConnectionStart] = numberOf(record.secureConnectionStart);
  draft[C.connectEnd] = numberOf(record.connectEnd);
  draft[C.requestEnd] = numberOf(record.requestEnd);
  draft[C.responseStart] = numberOf(record.responseStart);
  draft[C.responseHeadersEnd] = numberOf(record.responseHeadersEnd);
  draft[C.responseEnd] = numberOf(record.responseEnd);
  draft[C.closed] = numberOf(record.closed);
  if (record.type === "pending") draft[C.seen] = record.time;
}

export function draftServer(draft: Draft, record: AnyServer, store: Store, part: LogPart, line: number): void {
  fillCommon(draft, record, store, part, line);
  const { names, texts } = store.strings;
  draft[S.target] = texts.add(record.target);
  if (record.host !== undefined) draft[S.host] = names.add(record.host);
  if (record.route !== undefined) draft[S.route] = names.add(record.route);
  draft[S.handler] = part.source(record.handler);
  draft[S.responder] = part.source(record.responder);
  draft[S.blockedBy] = numberOf(record.blockedBy);
  draft[S.worker] = numberOf(record.worker ?? part.header?.worker);
  if (record.children?.length) {
    draft[S.firstChild] = store.children.add(record.children, part);
    draft[S.childCount] = record.children.length;
  }
  draft[S.parseStart] = record.parseStart;
  draft[S.arrivalEarliest] = numberOf(record.arrival?.[0]);
  draft[S.arrivalLatest] = numberOf(record.arrival?.[1]);
  draft[S.parseEnd] = numberOf(record.parseEnd);
  draft[S.processEnd] = numberOf(record.processEnd);
  draft[S.sendEnd] = numberOf(record.sendEnd);
  draft[S.closed] = numberOf(record.closed);
  if (record.type === "pending") draft[S.seen] = record.time;
}
