/**
 * The line of an exchange, written by hand, as bytes. Under load nearly all exchanges are plain, and this is a fraction of
 * the general way's 3 µs, and no garbage. Both make the same line, which a test holds them to.
 */
import { bytesOf, type LineBuffer } from "../log/line-buffer";
import { kindOf } from "./client-record";
import type { Exchange, ProbeRequest } from "./exchange";
import { loggedUrl } from "./origin";
import { UsualStamps } from "./usual-stamps";

/** Whether `plainLine` can tell all that is to be told. */
export function isPlain({ outcome, error, id, conn, protocol, head, request }: Exchange): boolean {
  const { page, hop, pass } = request;
  const isUnusual = error !== "" || protocol !== "" || page !== undefined || hop !== undefined || pass !== undefined;
  return outcome === "complete" && !isUnusual && head !== null && id !== "" && conn !== "";
}

const CLIENT = bytesOf('{"type":"client","seq":');
const REQ = bytesOf(',"req":');
const ID = bytesOf(',"id":"');
const CONN = bytesOf('","conn":"');
const ORD = bytesOf('","ord":');
const BYTES = bytesOf(',"bytes":');
const INTENDED_START = bytesOf(',"intendedStart":');
const FETCH_START = bytesOf(',"fetchStart":');
const DOMAIN_LOOKUP_START = bytesOf(',"domainLookupStart":');
const DOMAIN_LOOKUP_END = bytesOf(',"domainLookupEnd":');
const CONNECT_START = bytesOf(',"connectStart":');
const SECURE_CONNECTION_START = bytesOf(',"secureConnectionStart":');
const CONNECT_END = bytesOf(',"connectEnd":');
const REQUEST_START = bytesOf(',"requestStart":');
const REQUEST_END = bytesOf(',"requestEnd":');
const RESPONSE_START = bytesOf(',"responseStart":');
const RESPONSE_HEADERS_END = bytesOf(',"responseHeadersEnd":');
const RESPONSE_END = bytesOf(',"responseEnd":');
const END = bytesOf("}\n");

const usual = new UsualStamps();

/** What is the same for all exchanges of a request, as JSON in ASCII. */
interface Texts {
  target: Uint8Array;
  /** By content type. */
  kinds: Map<string | undefined, Uint8Array>;
}

const texts = new WeakMap<ProbeRequest, Texts>();

function textsOf(request: ProbeRequest): Texts {
  let known = texts.get(request);
  if (!known) {
    const url = JSON.stringify(loggedUrl(request.origin, request.target));
    const target = bytesOf(`,"method":${JSON.stringify(request.method)},"url":${url},"status":`);
    known = { target, kinds: new Map() };
    texts.set(request, known);
  }
  return known;
}

function kindText(exchange: Exchange, { kinds }: Texts): Uint8Array {
  const type = exchange.head?.headers.get("content-type");
  let text = kinds.get(type);
  if (text === undefined) {
    text = bytesOf(`,"kind":"${kindOf(exchange)}"${exchange.request.warmup ? ',"warmup":true' : ""}`);
    // A server that invents types must not fill the memory.
    if (kinds.size < 100) kinds.set(type, text);
  }
  return text;
}

function natural(out: LineBuffer, name: Uint8Array, value: number): void {
  out.raw(name);
  out.natural(value);
}

function stamp(out: LineBuffer, name: Uint8Array, time: number): void {
  if (time !== 0) natural(out, name, time);
}

/** Writes the line of an exchange that is plain. */
export function plainLine(out: LineBuffer, exchange: Exchange, seq: number): void {
  const known = textsOf(exchange.request);
  natural(out, CLIENT, seq);
  natural(out, REQ, exchange.req);
  out.raw(ID);
  out.ascii(exchange.id);
  out.raw(CONN);
  out.ascii(exchange.conn);
  natural(out, ORD, exchange.ord);
  natural(out, known.target, exchange.head!.status);
  natural(out, BYTES, exchange.bytes);
  out.raw(kindText(exchange, known));
  const isUsual = exchange.intendedStart === 0 && exchange.connectEnd === 0 && usual.write(out, exchange);
  if (!isUsual) stamps(out, exchange);
}

function stamps(out: LineBuffer, exchange: Exchange): void {
  stamp(out, INTENDED_START, exchange.intendedStart);
  stamp(out, FETCH_START, exchange.fetchStart);
  if (exchange.connectEnd !== 0) {
    stamp(out, DOMAIN_LOOKUP_START, exchange.domainLookupStart);
    stamp(out, DOMAIN_LOOKUP_END, exchange.domainLookupEnd);
    stamp(out, CONNECT_START, exchange.connectStart);
    stamp(out, SECURE_CONNECTION_START, exchange.secureConnectionStart);
    stamp(out, CONNECT_END, exchange.connectEnd);
  }
  natural(out, REQUEST_START, exchange.requestStart);
  stamp(out, REQUEST_END, exchange.requestEnd);
  natural(out, RESPONSE_START, exchange.responseStart);
  natural(out, RESPONSE_HEADERS_END, exchange.responseHeadersEnd);
  natural(out, RESPONSE_END, exchange.responseEnd);
  out.raw(END);
}
