/** Pairing of many new records at once, a column after the other, where each is alone on its side with its id. */
import type { Role } from "../model/record";
import { STATES } from "./draft";
import type { Groups } from "./groups";
import type { Store } from "./store";

const PENDING = STATES.indexOf("pending");

/**
 * The other side's record that each of some new ones, which are entered under their ids, is to be joined with (NO_RECORD:
 * none yet). Null, and nothing is entered, where one of them is not plain: its id has several records on a side, or what
 * it is to be joined with is pending. That has no other peer while all records have ids, as the caller sees to.
 */
export function enterPlain(store: Store, byId: Groups, side: Role, records: Uint32Array): Uint32Array | null {
  const other = side === "client" ? "server" : "client";
  const ids = Uint32Array.from(store[side].column("id").gather(records));
  const peers = byId.onlyAll(ids, other);
  if (store[other].column("state").gather(peers).includes(PENDING)) return null;
  return byId.addAll(ids, side, records) ? peers : null;
}
