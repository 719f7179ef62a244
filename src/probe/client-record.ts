/** An exchange as a record of the client's log. */
import type { ClientRecord } from "../model/record";
import type { Exchange } from "./exchange";
import { recordedKind } from "./kind";
import { loggedUrl } from "./origin";

/** Without what the log adds. */
export type ClientFields = Omit<ClientRecord, "type" | "seq">;

const PHASES = [
  "intendedStart",
  "fetchStart",
  "domainLookupStart",
  "domainLookupEnd",
  "connectStart",
  "secureConnectionStart",
  "connectEnd",
  "requestStart",
  "requestEnd",
  "responseStart",
  "responseHeadersEnd",
  "responseEnd",
  "closed",
] as const;

export function fieldsOf(exchange: Exchange): ClientFields {
  const { request, head, outcome } = exchange;
  const fields: ClientFields = {
    req: exchange.req,
    id: exchange.id || undefined,
    conn: exchange.conn || undefined,
    ord: exchange.ord || undefined,
    protocol: exchange.protocol || undefined,
    method: request.method,
    url: loggedUrl(request.origin, request.target),
    status: head?.status,
    bytes: head ? exchange.bytes : undefined,
    state: outcome === "complete" ? undefined : (outcome ?? "pending"),
    error: exchange.error || undefined,
    kind: head ? kindOf(exchange) : request.expected,
    page: request.page,
    hop: request.hop,
    pass: request.pass,
    warmup: request.warmup,
  };
  for (const phase of PHASES) if (exchange[phase] !== 0) fields[phase] = exchange[phase];
  return fields;
}

export const kindOf = ({ head, request }: Exchange) =>
  recordedKind(head?.headers.get("content-type"), request.target, request.expected);
