/** Drafts that another thread has scanned (scan-batch.ts) become drafts of this one: their texts and ids get numbers. */
import type { LineSplitter } from "../formats/lines";
import type { Role } from "../model/record";
import { CLIENT_LAYOUT, SERVER_LAYOUT } from "./fields";
import { ID_WORDS } from "./ids";
import { TEXT_WORDS } from "./interner";
import type { LogFile } from "./log-file";
import { ITEM, ITEM_WORDS, type ScanBatch, type Scanned } from "./scan-batch";
import { NAME_FIELDS, TEXT_FIELDS } from "./scan-keys";
import type { Store } from "./store";

const placesOf = (at: Readonly<Record<string, number>>, fields: ReadonlySet<string>): Set<number> =>
  new Set([...fields].map((name) => at[name]!));

const SIDES = {
  client: { names: placesOf(CLIENT_LAYOUT.at, NAME_FIELDS), texts: placesOf(CLIENT_LAYOUT.at, TEXT_FIELDS) },
  server: { names: placesOf(SERVER_LAYOUT.at, NAME_FIELDS), texts: placesOf(SERVER_LAYOUT.at, TEXT_FIELDS) },
};

export class BatchKeeper {
  /** Numbers of the scanning thread's names. */
  private readonly names: number[] = [];

  constructor(
    private readonly file: LogFile,
    private readonly store: Store,
  ) {}

  /** What the scanner has left goes to `lines`, which numbers all of them. */
  keep(batch: ScanBatch, scanned: Scanned, lines: LineSplitter): void {
    const { items, bytes } = batch;
    for (const name of scanned.names) this.names.push(this.store.strings.names.add(name));
    for (let at = 0; at < scanned.items; at += ITEM_WORDS) {
      const [from, to] = [items[at + 1]!, items[at + 2]!];
      if (items[at] === ITEM.bytes) {
        lines.push(bytes.subarray(from, to));
        continue;
      }
      const side = items[at] === ITEM.server ? "server" : "client";
      const places = scanned.shapes[side];
      let next = from;
      // The first id of a side can change what numbers the next ones get.
      for (; next < to && places.includes(CLIENT_LAYOUT.at.id) && !this.store.pairing.knowsIdsOf(side); next++)
        this.records(batch, side, places, next, next + 1, lines);
      if (next < to) this.records(batch, side, places, next, to, lines);
    }
  }

  private records(
    batch: ScanBatch,
    side: Role,
    places: readonly number[],
    from: number,
    to: number,
    lines: LineSplitter,
  ): void {
    const columns = places.map((place, at) => {
      const column = batch.column(at + 1, from, to);
      if (SIDES[side].names.has(place)) this.number(column);
      else if (SIDES[side].texts.has(place)) this.store.strings.texts.internAll(batch.view, batch.texts, column);
      else if (place === CLIENT_LAYOUT.at.id) this.internIds(column, batch);
      return column;
    });
    this.file.scannedAll(side, { sequences: batch.column(0, from, to), places, columns }, lines.pass(to - from));
  }

  private number(column: Float64Array): void {
    for (let at = 0; at < column.length; at++) if (column[at]! >= 0) column[at] = this.names[column[at]!]!;
  }

  private internIds(column: Float64Array, { words, texts, view }: ScanBatch): void {
    const { ids } = this.store.strings;
    ids.warm(words, column);
    for (let at = 0; at < column.length; at++) {
      const id = column[at]!;
      const text = (-1 - id) * TEXT_WORDS;
      if (id >= 0) column[at] = ids.internWords(words, id * ID_WORDS);
      else if (id < 0) column[at] = ids.intern(view, texts[text]!, texts[text + 1]!);
    }
  }
}
