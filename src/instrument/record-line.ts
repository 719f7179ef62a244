/** An exchange as a line of the native log, written by hand in the canonical order of NATIVE_FIELDS. */
import { encodeNative, MAX_LINE_BYTES } from "../formats/native";
import type { LineBuffer } from "../log/line-buffer";
import type { PendingRecord, ServerRecord } from "../model/record";
import { redactTarget } from "../model/redact";
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

/** A proxy's request names a whole URL, which may hold a user's name and password. */
const withoutUserInfo = (target: string): string =>
  target.startsWith("/") ? target : target.replace(/^([A-Za-z][A-Za-z0-9+.-]*:\/\/)[^/?#]*@/, "$1");

/** `,"name":` and the value, unless it is unknown. */
function natural(out: LineBuffer, name: string, value: number): void {
  if (!value) return;
  out.ascii(name);
  out.natural(value);
}

function text(out: LineBuffer, name: string, value: string): void {
  if (value === "") return;
  out.ascii(name);
  out.json(value);
}

function head(out: LineBuffer, exchange: Exchange, seq: number): void {
  out.ascii('"seq":');
  out.natural(seq);
  natural(out, ',"req":', exchange.req);
  if (exchange.traceparent !== "") text(out, ',"id":', idOfTraceparent(exchange.traceparent));
  text(out, ',"conn":', exchange.connection.name);
  natural(out, ',"ord":', exchange.ordinal);
  text(out, ',"protocol":', exchange.protocol);
  out.ascii(',"method":');
  out.json(exchange.method);
  out.ascii(',"target":');
  out.json(redactTarget(withoutUserInfo(exchange.target)));
  text(out, ',"host":', exchange.host);
  text(out, ',"route":', exchange.route);
  natural(out, ',"status":', exchange.status);
  if (exchange.bytes >= 0) {
    out.ascii(',"bytes":');
    out.natural(exchange.bytes);
  }
}

function stamps(out: LineBuffer, exchange: Exchange): void {
  if (exchange.arrivalLatest) {
    natural(out, ',"arrival":[', exchange.arrivalEarliest);
    natural(out, ",", exchange.arrivalLatest);
    out.ascii("]");
  }
  natural(out, ',"parseStart":', exchange.parseStart);
  natural(out, ',"parseEnd":', exchange.parseEnd);
  natural(out, ',"processEnd":', exchange.processEnd);
  natural(out, ',"sendEnd":', exchange.sendEnd);
  natural(out, ',"closed":', exchange.closed);
  natural(out, ',"handler":', exchange.handler);
  natural(out, ',"responder":', exchange.responder);
  natural(out, ',"blockedBy":', exchange.blockedBy);
  if (exchange.children) {
    out.ascii(',"children":');
    out.text(JSON.stringify(exchange.children));
  }
  out.ascii("}\n");
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
  out.ascii('{"type":"server",');
  head(out, exchange, seq);
  if (exchange.state !== "complete") text(out, ',"state":', exchange.state);
  text(out, ',"error":', exchange.error);
  stamps(out, exchange);
  keepWithin(out, start);
}

/** The record of an exchange that has not ended at `time` (µs). */
export function pendingLine(out: LineBuffer, exchange: Exchange, seq: number, time: number): void {
  const start = out.length;
  natural(out, '{"type":"pending","side":"server","time":', time);
  out.ascii(",");
  head(out, exchange, seq);
  stamps(out, exchange);
  keepWithin(out, start);
}
