/** A session's requests as exports in other people's formats take them. */
import type { Exchanged } from "../formats/exchange";
import { assemble } from "./request";
import { RowFacts } from "./row-facts";
import type { Store } from "./store";

export function* exchanged(store: Store): Generator<Exchanged> {
  const facts = new RowFacts(store);
  for (let row = 0; row < store.rows.length; row++) {
    if (store.rows.isEmpty(row)) continue;
    const offset = facts.offset(row);
    yield {
      request: assemble(store, row),
      offset: offset && { value: offset.up, uncertainty: offset.uncertainty },
    };
  }
}
