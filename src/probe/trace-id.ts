/** Ids for `traceparent` (W3C Trace Context, level 1): random, drawn and written many at a time. */
import { randomFillSync } from "node:crypto";

const TRACE_BYTES = 16;
const ID_BYTES = 24;
/** Two digits a byte, and the hyphen. */
const ID_CHARS = 2 * ID_BYTES + 1;
const IDS = 256;
const random = Buffer.allocUnsafe(ID_BYTES * IDS);
let text = "";
let used = 0;

/** A new id as a log has it: `<32 hex>-<16 hex>`, neither half all zeros. */
export function newTraceId(): string {
  if (used === text.length) {
    text = newIds();
    used = 0;
  }
  used += ID_CHARS;
  return text.slice(used - ID_CHARS, used);
}

function newIds(): string {
  randomFillSync(random);
  for (let at = 0; at < random.length; at += ID_BYTES) {
    // An id of zeros alone is none.
    random[at] ||= 1;
    random[at + ID_BYTES - 1] ||= 1;
  }
  const hex = random.toString("hex");
  const parts: string[] = [];
  for (let at = 0; at < hex.length; at += 2 * ID_BYTES)
    parts.push(hex.slice(at, at + 2 * TRACE_BYTES), "-", hex.slice(at + 2 * TRACE_BYTES, at + 2 * ID_BYTES));
  return parts.join("");
}

/** The header's value for an id: version 00, sampled. */
export const traceparent = (id: string): string => `00-${id}-01`;
