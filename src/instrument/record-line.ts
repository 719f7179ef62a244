/**
 * An exchange as a line of the native log. Built by hand, in the canonical order of NATIVE_FIELDS: a record costs one
 * string instead of an object, its keys and a walk over them (JSON.stringify of the same record took three times as
 * long in a trial).
 */
import { encodeNative, MAX_LINE_BYTES } from "../formats/native";
import type { PendingRecord, ServerRecord } from "../model/record";
import { redactTarget } from "../model/redact";
import type { Exchange } from "./exchange";

/** Characters that a JSON string must not hold as they are, and all that is not ASCII (lone surrogates among it). */
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it looks for
const UNSAFE = /["\\\u0000-\u001f\u007f-\uffff]/;
/** A traceparent of which an id can be taken (W3C Trace Context): version ff, zero ids and upper case are refused. */
const TRACEPARENT = /^(?!ff)[0-9a-f]{2}-(?!0{32})([0-9a-f]{32})-(?!0{16})([0-9a-f]{16})-[0-9a-f]{2}(?:$|-)/;
const TRACEPARENT_00_LENGTH = 55;

const quote = (text: string): string => (UNSAFE.test(text) ? JSON.stringify(text) : `"${text}"`);

/** `<trace id>-<span id>`, or nothing where the header is not one that may be used. */
export function idOfTraceparent(header: string): string {
  if (header.length < TRACEPARENT_00_LENGTH) return "";
  if (header.startsWith("00-") && header.length !== TRACEPARENT_00_LENGTH) return "";
  const match = TRACEPARENT.exec(header);
  return match ? `${match[1]}-${match[2]}` : "";
}

function head(exchange: Exchange, seq: number): string {
  let line = `"seq":${seq},"req":${exchange.req}`;
  if (exchange.traceparent !== "") {
    const id = idOfTraceparent(exchange.traceparent);
    if (id !== "") line += `,"id":"${id}"`;
  }
  if (exchange.connection.name !== "") line += `,"conn":"${exchange.connection.name}"`;
  line += `,"ord":${exchange.ordinal}`;
  if (exchange.protocol !== "") line += `,"protocol":"${exchange.protocol}"`;
  line += `,"method":${quote(exchange.method)},"target":${quote(redactTarget(exchange.target))}`;
  if (exchange.host !== "") line += `,"host":${quote(exchange.host)}`;
  if (exchange.route !== "") line += `,"route":${quote(exchange.route)}`;
  if (exchange.status) line += `,"status":${exchange.status}`;
  if (exchange.bytes >= 0) line += `,"bytes":${exchange.bytes}`;
  return line;
}

function stamps(exchange: Exchange): string {
  let line = "";
  if (exchange.arrivalLatest) line += `,"arrival":[${exchange.arrivalEarliest},${exchange.arrivalLatest}]`;
  line += `,"parseStart":${exchange.parseStart}`;
  if (exchange.parseEnd) line += `,"parseEnd":${exchange.parseEnd}`;
  if (exchange.processEnd) line += `,"processEnd":${exchange.processEnd}`;
  if (exchange.sendEnd) line += `,"sendEnd":${exchange.sendEnd}`;
  if (exchange.closed) line += `,"closed":${exchange.closed}`;
  if (exchange.handler) line += `,"handler":${exchange.handler}`;
  if (exchange.responder) line += `,"responder":${exchange.responder}`;
  if (exchange.blockedBy) line += `,"blockedBy":${exchange.blockedBy}`;
  if (exchange.children) line += `,"children":${JSON.stringify(exchange.children)}`;
  return line;
}

/** Within the line limit: what is too long is built again by the general encoder, which shortens. */
function fitted(line: string): string {
  if (line.length * 3 <= MAX_LINE_BYTES || Buffer.byteLength(line) <= MAX_LINE_BYTES) return line;
  return encodeNative(JSON.parse(line) as ServerRecord | PendingRecord);
}

/** The final record of an exchange, with its line feed. */
export function serverLine(exchange: Exchange, seq: number): string {
  let line = `{"type":"server",${head(exchange, seq)}`;
  if (exchange.state !== "complete") line += `,"state":"${exchange.state}"`;
  if (exchange.error !== "") line += `,"error":${quote(exchange.error)}`;
  return fitted(`${line}${stamps(exchange)}}\n`);
}

/** The record of an exchange that has not ended at `time` (µs). */
export const pendingLine = (exchange: Exchange, seq: number, time: number): string =>
  fitted(`{"type":"pending","side":"server","time":${time},${head(exchange, seq)}${stamps(exchange)}}\n`);
