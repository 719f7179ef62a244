/** Drafts that another thread has scanned (scan-batch.ts) become drafts of this one: their texts and ids get numbers. */
import type { LineSplitter } from "../formats/lines";
import type { Role } from "../model/record";
import { CLIENT_LAYOUT, type Draft, SERVER_LAYOUT } from "./fields";
import { ID_WORDS } from "./ids";
import type { LogFile } from "./log-file";
import { ITEM, placeEnd, placeFrom, type ScanBatch, type Scanned } from "./scan-batch";
import { NAME_FIELDS, TEXT_FIELDS } from "./scan-keys";
import type { Strings } from "./strings";
import { hashOf } from "./text-hash";

const placesOf = (at: Readonly<Record<string, number>>, fields: ReadonlySet<string>): number[] =>
  [...fields].map((name) => at[name]!).filter((place) => place !== undefined);

const SIDES = {
  client: { names: placesOf(CLIENT_LAYOUT.at, NAME_FIELDS), texts: placesOf(CLIENT_LAYOUT.at, TEXT_FIELDS) },
  server: { names: placesOf(SERVER_LAYOUT.at, NAME_FIELDS), texts: placesOf(SERVER_LAYOUT.at, TEXT_FIELDS) },
};

/** Places of a side's drafts that have values, and which of them are numbers of the scanning thread's. */
interface Shape {
  places: readonly number[];
  names: readonly number[];
  texts: readonly number[];
}

function shapeOf(side: Role, places: readonly number[]): Shape {
  const among = (some: readonly number[]) => some.filter((place) => places.includes(place));
  return { places, names: among(SIDES[side].names), texts: among(SIDES[side].texts) };
}

export class BatchKeeper {
  /** Only the places of the shape are ever written to; the others stay unknown. */
  private readonly drafts = {
    client: new Float64Array(CLIENT_LAYOUT.length).fill(Number.NaN),
    server: new Float64Array(SERVER_LAYOUT.length).fill(Number.NaN),
  };
  /** Numbers of the scanning thread's names. */
  private readonly names: number[] = [];

  constructor(
    private readonly file: LogFile,
    private readonly strings: Strings,
  ) {}

  /** What the scanner has left goes to `lines`, which numbers all of them. */
  keep(batch: ScanBatch, scanned: Scanned, lines: LineSplitter): void {
    const { items, bytes, values } = batch;
    const { client, server } = scanned.shapes;
    const shapes = { client: shapeOf("client", client), server: shapeOf("server", server) };
    for (const name of scanned.names) this.names.push(this.strings.names.add(name));
    let next = 0;
    for (let at = 0; at < scanned.items; ) {
      const item = items[at++]!;
      if (item === ITEM.bytes) {
        lines.push(bytes.subarray(items[at++]!, items[at++]!));
        continue;
      }
      const side = item === ITEM.server ? "server" : "client";
      const shape = shapes[side];
      const sequence = values[next]!;
      const draft = this.draft(batch, side, shape, next + 1);
      next += 1 + shape.places.length;
      this.file.scanned(side, sequence, draft, lines.pass());
    }
  }

  private draft({ values, view, words }: ScanBatch, side: Role, { places, names, texts }: Shape, from: number): Draft {
    const draft = this.drafts[side];
    const { ids, texts: pool } = this.strings;
    for (let at = 0; at < places.length; at++) draft[places[at]!] = values[from + at]!;
    for (let at = 0; at < names.length; at++) {
      const name = draft[names[at]!]!;
      if (name >= 0) draft[names[at]!] = this.names[name]!;
    }
    for (let at = 0; at < texts.length; at++) {
      const place = draft[texts[at]!]!;
      if (!(place >= 0)) continue;
      const start = placeFrom(place);
      const end = placeEnd(place, start);
      draft[texts[at]!] = pool.intern(view, start, end, hashOf(view, start, end));
    }
    const id = draft[CLIENT_LAYOUT.at.id]!;
    if (id >= 0) draft[CLIENT_LAYOUT.at.id] = ids.internWords(words, id * ID_WORDS);
    else if (id < 0) {
      const start = placeFrom(-1 - id);
      draft[CLIENT_LAYOUT.at.id] = ids.intern(view, start, placeEnd(-1 - id, start));
    }
    return draft;
  }
}
