/**
 * An exchange as a record of the client's log. Under load nearly all of them are plain, and a line that is put together
 * by hand costs a third of the general way's 3 µs; both make the same line, which a test holds them to.
 */
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

/** What is the same for all exchanges of a request, as JSON. */
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
    known = { target: `"method":${JSON.stringify(request.method)},"url":${url}`, kinds: new Map() };
    texts.set(request, known);
  }
  return known;
}

function kindText(exchange: Exchange, { kinds }: Texts): string {
  const type = exchange.head?.headers.get("content-type");
  let text = kinds.get(type);
  if (text === undefined) {
    text = `"kind":"${kindOf(exchange)}"`;
    // A server that invents types must not fill the memory.
    if (kinds.size < 100) kinds.set(type, text);
  }
  return text;
}

const stamp = (name: string, time: number): string => (time === 0 ? "" : `,"${name}":${time}`);

/** The line of an exchange that is plain. */
export function plainLine(exchange: Exchange, seq: number): string {
  const known = textsOf(exchange.request);
  const { head, request } = exchange;
  let phases = stamp("intendedStart", exchange.intendedStart) + stamp("fetchStart", exchange.fetchStart);
  if (exchange.connectEnd !== 0)
    phases +=
      stamp("domainLookupStart", exchange.domainLookupStart) +
      stamp("domainLookupEnd", exchange.domainLookupEnd) +
      stamp("connectStart", exchange.connectStart) +
      stamp("secureConnectionStart", exchange.secureConnectionStart) +
      stamp("connectEnd", exchange.connectEnd);
  return (
    `{"type":"client","seq":${seq},"req":${exchange.req},"id":"${exchange.id}","conn":"${exchange.conn}"` +
    `,"ord":${exchange.ord},${known.target},"status":${head?.status},"bytes":${exchange.bytes}` +
    `,${kindText(exchange, known)}${request.warmup ? ',"warmup":true' : ""}${phases}` +
    `,"requestStart":${exchange.requestStart}${stamp("requestEnd", exchange.requestEnd)}` +
    `,"responseStart":${exchange.responseStart},"responseHeadersEnd":${exchange.responseHeadersEnd}` +
    `,"responseEnd":${exchange.responseEnd}}\n`
  );
}
