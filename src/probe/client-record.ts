/**
 * An exchange as a record of the client's log. Under load nearly all of them are plain, and their lines are written by
 * hand, as bytes: a fraction of the general way's 3 µs, and no garbage. Both make the same line, which a test holds
 * them to.
 */
import type { LineBuffer } from "../log/line-buffer";
import type { ClientRecord } from "../model/record";
import type { Exchange, ProbeRequest } from "./exchange";
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

const kindOf = ({ head, request }: Exchange) =>
  recordedKind(head?.headers.get("content-type"), request.target, request.expected);

/** Whether `plainLine` can tell all that is to be told. */
export function isPlain({ outcome, error, id, conn, protocol, head, request }: Exchange): boolean {
  const { page, hop, pass } = request;
  const isUnusual = error !== "" || protocol !== "" || page !== undefined || hop !== undefined || pass !== undefined;
  return outcome === "complete" && !isUnusual && head !== null && id !== "" && conn !== "";
}

/** What is the same for all exchanges of a request, as JSON in ASCII. */
interface Texts {
  target: string;
  /** By content type. */
  kinds: Map<string | undefined, string>;
}

const texts = new WeakMap<ProbeRequest, Texts>();

function textsOf(request: ProbeRequest): Texts {
  let known = texts.get(request);
  if (!known) {
    const url = JSON.stringify(loggedUrl(request.origin, request.target));
    known = { target: `,"method":${JSON.stringify(request.method)},"url":${url},"status":`, kinds: new Map() };
    texts.set(request, known);
  }
  return known;
}

function kindText(exchange: Exchange, { kinds }: Texts): string {
  const type = exchange.head?.headers.get("content-type");
  let text = kinds.get(type);
  if (text === undefined) {
    text = `,"kind":"${kindOf(exchange)}"${exchange.request.warmup ? ',"warmup":true' : ""}`;
    // A server that invents types must not fill the memory.
    if (kinds.size < 100) kinds.set(type, text);
  }
  return text;
}

function natural(out: LineBuffer, name: string, value: number): void {
  out.ascii(name);
  out.natural(value);
}

function stamp(out: LineBuffer, name: string, time: number): void {
  if (time !== 0) natural(out, name, time);
}

/** Writes the line of an exchange that is plain. */
export function plainLine(out: LineBuffer, exchange: Exchange, seq: number): void {
  const known = textsOf(exchange.request);
  natural(out, '{"type":"client","seq":', seq);
  natural(out, ',"req":', exchange.req);
  out.ascii(',"id":"');
  out.ascii(exchange.id);
  out.ascii('","conn":"');
  out.ascii(exchange.conn);
  natural(out, '","ord":', exchange.ord);
  natural(out, known.target, exchange.head!.status);
  natural(out, ',"bytes":', exchange.bytes);
  out.ascii(kindText(exchange, known));
  stamp(out, ',"intendedStart":', exchange.intendedStart);
  stamp(out, ',"fetchStart":', exchange.fetchStart);
  if (exchange.connectEnd !== 0) {
    stamp(out, ',"domainLookupStart":', exchange.domainLookupStart);
    stamp(out, ',"domainLookupEnd":', exchange.domainLookupEnd);
    stamp(out, ',"connectStart":', exchange.connectStart);
    stamp(out, ',"secureConnectionStart":', exchange.secureConnectionStart);
    stamp(out, ',"connectEnd":', exchange.connectEnd);
  }
  natural(out, ',"requestStart":', exchange.requestStart);
  stamp(out, ',"requestEnd":', exchange.requestEnd);
  natural(out, ',"responseStart":', exchange.responseStart);
  natural(out, ',"responseHeadersEnd":', exchange.responseHeadersEnd);
  natural(out, ',"responseEnd":', exchange.responseEnd);
  out.ascii("}\n");
}
