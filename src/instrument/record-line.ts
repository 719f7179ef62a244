/** An exchange as a line of the native log, written by hand in the canonical order of NATIVE_FIELDS. */
import { encodeNative, MAX_LINE_BYTES } from "../formats/native";
import { bytesOf, EIGHT, type LineBuffer } from "../log/line-buffer";
import type { ChildSpan, PendingRecord, ServerRecord } from "../model/record";
import { redactTarget, withoutUserInfo } from "../model/redact";
import type { Exchange } from "./exchange";

/** A traceparent of which an id can be taken (W3C Trace Context): version ff, zero ids and upper case are refused. */
const TRACEPARENT = /^(?!ff)[0-9a-f]{2}-(?!0{32})([0-9a-f]{32})-(?!0{16})([0-9a-f]{16})-[0-9a-f]{2}(?:$|-)/;
const TRACEPARENT_00_LENGTH = 55;

/** `<trace id>-<span id>`, or nothing where the header is not one that may be used. */
export function idOfTraceparent(header: string): string {
  if (header.length < TRACEPARENT_00_LENGTH) return "";
  if (header.startsWith("00-") && header.length !== TRACEPARENT_00_LENGTH) return "";
  const match = TRACEPARENT.exec(header);
  return match ? `${match[1]}-${match[2]}` : "";
}

const SLASH = 47;
/** Characters of a target. */
const LONGEST_KEPT = 500;

const SERVER = bytesOf('{"type":"server","seq":');
const PENDING = bytesOf('{"type":"pending","side":"server","time":');
const SEQ = bytesOf(',"seq":');
const REQ = bytesOf(',"req":');
const ID = bytesOf(',"id":');
const ORD = bytesOf(',"ord":');
const PROTOCOL = bytesOf(',"protocol":');
const METHOD = bytesOf(',"method":');
const TARGET = bytesOf(',"target":');
const HOST = bytesOf(',"host":');
const ROUTE = bytesOf(',"route":');
const STATUS = bytesOf(',"status":');
const BYTES = bytesOf(',"bytes":');
const STATE = bytesOf(',"state":');
const ERROR = bytesOf(',"error":');
const ARRIVAL = bytesOf(',"arrival":[');
const COMMA = bytesOf(",");
const BRACKET = bytesOf("]");
const PARSE_START = bytesOf(',"parseStart":');
const PARSE_END = bytesOf(',"parseEnd":');
const PROCESS_END = bytesOf(',"processEnd":');
const SEND_END = bytesOf(',"sendEnd":');
const CLOSED = bytesOf(',"closed":');
const HANDLER = bytesOf(',"handler":');
const RESPONDER = bytesOf(',"responder":');
const BLOCKED_BY = bytesOf(',"blockedBy":');
const CHILDREN = bytesOf(',"children":');
const FIRST_CHILD = bytesOf('[{"kind":');
const NEXT_CHILD = bytesOf(',{"kind":');
const NAME = bytesOf(',"name":');
const START = bytesOf(',"start":');
const DURATION = bytesOf(',"duration":');
const SOURCE = bytesOf(',"source":');
const BRACE = bytesOf("}");
const END = bytesOf("}\n");

/** `,"name":` and the value, unless it is unknown. */
function natural(out: LineBuffer, name: Uint8Array, value: number): void {
  if (!value) return;
  out.raw(name);
  out.natural(value);
}

function text(out: LineBuffer, name: Uint8Array, value: string): void {
  if (value === "") return;
  out.raw(name);
  out.json(value);
}

/** What was asked and answered: from `,"method":` to the bytes. */
class Asked {
  private part: Uint8Array | null = null;
  private method = "";
  private target = "";
  private host = "";
  private route = "";
  private status = 0;
  private bytes = 0;

  /** Writes it; from the third time that a connection asks for the same on, it is one part. */
  write(out: LineBuffer, exchange: Exchange): void {
    if (!this.same(exchange)) {
      this.take(exchange);
      asked(out, exchange);
    } else if (this.part) out.raw(this.part);
    else {
      const start = out.length;
      asked(out, exchange);
      this.part = new Uint8Array(out.from(start));
    }
  }

  private same({ method, target, host, route, status, bytes }: Exchange): boolean {
    return (
      status === this.status &&
      bytes === this.bytes &&
      target === this.target &&
      method === this.method &&
      host === this.host &&
      route === this.route
    );
  }

  private take({ method, target, host, route, status, bytes }: Exchange): void {
    this.part = null;
    this.method = method;
    // A long one would be kept for as long as its connection.
    this.target = target.length > LONGEST_KEPT ? "" : target;
    this.host = host;
    this.route = route;
    this.status = status;
    this.bytes = bytes;
  }
}

function asked(out: LineBuffer, exchange: Exchange): void {
  out.raw(METHOD);
  out.json(exchange.method);
  out.raw(TARGET);
  // A proxy's request names a whole URL.
  const { target } = exchange;
  out.json(redactTarget(target.charCodeAt(0) === SLASH ? target : withoutUserInfo(target)));
  text(out, HOST, exchange.host);
  text(out, ROUTE, exchange.route);
  natural(out, STATUS, exchange.status);
  if (exchange.bytes >= 0) {
    out.raw(BYTES);
    out.natural(exchange.bytes);
  }
}

/** What the lines of a connection have in common. */
export class ConnectionLine {
  readonly name: Uint8Array;
  readonly asked = new Asked();

  constructor(name: string) {
    this.name = bytesOf(name && `,"conn":${JSON.stringify(name)}`);
  }
}

function head(out: LineBuffer, exchange: Exchange, seq: number): void {
  const { connection } = exchange;
  connection.line ??= new ConnectionLine(connection.name);
  out.natural(seq);
  natural(out, REQ, exchange.req);
  if (exchange.traceparent !== "") text(out, ID, idOfTraceparent(exchange.traceparent));
  out.raw(connection.line.name);
  natural(out, ORD, exchange.ordinal);
  text(out, PROTOCOL, exchange.protocol);
  connection.line.asked.write(out, exchange);
}

/** The stamps of a complete exchange as one part: they have the same first digits, and eight that follow. */
class Stamps {
  private static readonly KEYS = [
    ',"arrival":[',
    ",",
    '],"parseStart":',
    ',"parseEnd":',
    ',"processEnd":',
    ',"sendEnd":',
  ];
  private part: Uint8Array = new Uint8Array();
  private readonly places: number[] = [];
  private base = Number.POSITIVE_INFINITY;

  /** Writes them; false, and nothing, where they are not all known or differ in their first digits. */
  write(out: LineBuffer, exchange: Exchange): boolean {
    const { arrivalEarliest, arrivalLatest, parseStart, parseEnd, processEnd, sendEnd, closed } = exchange;
    if (!(parseStart >= this.base && parseStart - this.base < EIGHT)) this.take(parseStart);
    const { base, places } = this;
    if (closed || arrivalEarliest < base || arrivalLatest < arrivalEarliest || parseStart < arrivalLatest) return false;
    if (parseEnd < parseStart || processEnd < parseEnd || sendEnd < processEnd || sendEnd - base >= EIGHT) return false;
    const start = out.length;
    out.raw(this.part);
    out.eightDigits(start + places[0]!, arrivalEarliest - base);
    out.eightDigits(start + places[1]!, arrivalLatest - base);
    out.eightDigits(start + places[2]!, parseStart - base);
    out.eightDigits(start + places[3]!, parseEnd - base);
    out.eightDigits(start + places[4]!, processEnd - base);
    out.eightDigits(start + places[5]!, sendEnd - base);
    return true;
  }

  /** The part for stamps of the same hundred seconds as this one. */
  private take(stamp: number): void {
    const high = Math.floor(stamp / EIGHT);
    let text = "";
    Stamps.KEYS.forEach((key, i) => {
      text += `${key}${high}`;
      this.places[i] = text.length;
      text += "00000000";
    });
    this.part = bytesOf(text);
    // Nothing goes before a number of eight digits or less.
    this.base = high ? high * EIGHT : Number.POSITIVE_INFINITY;
  }
}

const complete = new Stamps();

function stamps(out: LineBuffer, exchange: Exchange): void {
  if (!complete.write(out, exchange)) eachStamp(out, exchange);
  natural(out, CLOSED, exchange.closed);
  natural(out, HANDLER, exchange.handler);
  natural(out, RESPONDER, exchange.responder);
  natural(out, BLOCKED_BY, exchange.blockedBy);
  if (exchange.children?.length) {
    out.raw(CHILDREN);
    let before = FIRST_CHILD;
    for (const one of exchange.children) {
      out.raw(before);
      child(out, one);
      before = NEXT_CHILD;
    }
    out.raw(BRACKET);
  }
  out.raw(END);
}

function child(out: LineBuffer, { kind, name, start, duration, source }: ChildSpan): void {
  out.json(kind);
  out.raw(NAME);
  out.json(name);
  natural(out, START, start ?? 0);
  out.raw(DURATION);
  out.natural(duration);
  natural(out, SOURCE, source ?? 0);
  out.raw(BRACE);
}

function eachStamp(out: LineBuffer, exchange: Exchange): void {
  if (exchange.arrivalEarliest && exchange.arrivalLatest) {
    natural(out, ARRIVAL, exchange.arrivalEarliest);
    natural(out, COMMA, exchange.arrivalLatest);
    out.raw(BRACKET);
  }
  natural(out, PARSE_START, exchange.parseStart);
  natural(out, PARSE_END, exchange.parseEnd);
  natural(out, PROCESS_END, exchange.processEnd);
  natural(out, SEND_END, exchange.sendEnd);
}

/** Keeps the line that begins at `start` within the limit: the general encoder shortens it. */
function keepWithin(out: LineBuffer, start: number): void {
  if (out.length - start <= MAX_LINE_BYTES) return;
  const record = JSON.parse(out.from(start).toString("utf8")) as ServerRecord | PendingRecord;
  out.length = start;
  out.text(encodeNative(record));
}

/** The final record of an exchange, with its line feed. */
export function serverLine(out: LineBuffer, exchange: Exchange, seq: number): void {
  const start = out.length;
  out.raw(SERVER);
  head(out, exchange, seq);
  if (exchange.state !== "complete") text(out, STATE, exchange.state);
  text(out, ERROR, exchange.error);
  stamps(out, exchange);
  keepWithin(out, start);
}

/** The record of an exchange that has not ended at `time` (µs). */
export function pendingLine(out: LineBuffer, exchange: Exchange, seq: number, time: number): void {
  const start = out.length;
  natural(out, PENDING, time);
  out.raw(SEQ);
  head(out, exchange, seq);
  stamps(out, exchange);
  keepWithin(out, start);
}
