/** Ids for `traceparent` (W3C Trace Context, level 1): random, drawn many at a time. */
import { randomFillSync } from "node:crypto";

const ID_BYTES = 24;
const pool = Buffer.allocUnsafe(ID_BYTES * 256);
let used = pool.length;

/** A new id as a log has it: `<32 hex>-<16 hex>`, neither half all zeros. */
export function newTraceId(): string {
  if (used === pool.length) {
    randomFillSync(pool);
    used = 0;
  }
  // An id of zeros alone is none.
  pool[used] ||= 1;
  pool[used + ID_BYTES - 1] ||= 1;
  const hex = pool.toString("hex", used, used + ID_BYTES);
  used += ID_BYTES;
  return `${hex.slice(0, 32)}-${hex.slice(32)}`;
}

/** The header's value for an id: version 00, sampled. */
export const traceparent = (id: string): string => `00-${id}-01`;
