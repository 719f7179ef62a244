/**
 * A piece of the native log that one thread has scanned and another one keeps: the bytes, and of the lines that the byte
 * scanner takes their drafts, a field after the other, in memory that both see. A draft's texts are places in the bytes,
 * its ids are packed; only the few names have numbers, of the scanning thread's own. So interning, columns and pairing stay
 * in one thread, in the order of the lines, and the result is that of one thread doing all.
 */
import { MAX_LINE_BYTES } from "../formats/native";
import type { Role } from "../model/record";
import { CLIENT_LAYOUT, type Draft, SERVER_LAYOUT } from "./fields";
import { ID_WORDS, packId } from "./ids";
import { Interner, TEXT_WORDS } from "./interner";
import { RecordScanner } from "./scan-record";

const LF = 10;
/** What a chunk's buffer must have behind the chunk: the scanner reads words, and a key's words beyond a cut line. */
export const PADDING = 64;
/** Bytes of a piece: it stays in the processors' shared cache until it is kept. */
export const BATCH_BYTES = 1 << 17;
/** Lines of ours have 300 bytes; of shorter ones a batch has fewer bytes. */
const MOST_RECORDS = 1024;
/** From a column to the next one: columns that are a power of two apart would drive one another out of the nearest cache. */
const STRIDE = MOST_RECORDS + 8;
/** Columns: a record's sequence number, and a value for each place of its side's shape. */
const COLUMNS = Math.max(CLIENT_LAYOUT.length, SERVER_LAYOUT.length) + 1;
/** Connection, target, error, and an id that is not packed. */
const MOST_TEXTS = 4 * MOST_RECORDS;

/** Items of a batch: records of one side on adjacent lines, or bytes for the general path; the two ends of either follow. */
export const ITEM = { client: 0, server: 1, bytes: 2 } as const;
export const ITEM_WORDS = 3;

const ITEMS = MOST_RECORDS * ITEM_WORDS;
const BYTES_AT = COLUMNS * STRIDE * 8 + (ID_WORDS + ITEM_WORDS + 4 * TEXT_WORDS) * 4 * MOST_RECORDS;
export const BATCH_MEMORY = BYTES_AT + BATCH_BYTES + PADDING;

/** Views of the memory of one batch. */
export class ScanBatch {
  readonly values: Float64Array;
  /** Packed ids. */
  readonly words: Int32Array;
  /** Places of texts. */
  readonly texts: Int32Array;
  readonly items: Int32Array;
  readonly bytes: Uint8Array;
  readonly view: DataView;

  constructor(readonly memory: SharedArrayBuffer) {
    let at = 0;
    const words = (count: number): Int32Array => {
      const made = new Int32Array(memory, at, count);
      at += made.byteLength;
      return made;
    };
    this.values = new Float64Array(memory, 0, STRIDE * COLUMNS);
    at += this.values.byteLength;
    this.words = words(MOST_RECORDS * ID_WORDS);
    this.texts = words(MOST_TEXTS * TEXT_WORDS);
    this.items = words(ITEMS);
    this.bytes = new Uint8Array(memory, BYTES_AT);
    this.view = new DataView(memory, BYTES_AT);
  }

  /** Some records' values of one column: 0 has the sequence numbers, behind it a shape's places have theirs. */
  column(number: number, from: number, to: number): Float64Array {
    return this.values.subarray(number * STRIDE + from, number * STRIDE + to);
  }
}

/** What a batch holds, besides its memory. */
export interface Scanned {
  /** Bytes that are dealt with: to the end of a line, or all. */
  consumed: number;
  /** Words of `items`. */
  items: number;
  /** Which places of a side's drafts have values here, in their order: records of one log have the same keys. */
  shapes: Record<Role, number[]>;
  /** Names that the scanner has met since the last batch; their numbers go on from it. */
  names: string[];
}

/** What a scanner knows of one side's records. */
interface Side {
  item: number;
  draft: Draft;
  /** 1 for each place that has a value here, and these places in their order. */
  usual: Uint8Array;
  shape: number[];
}

const placesIn = (usual: Uint8Array): number[] => [...usual.keys()].filter((place) => usual[place] === 1);

function sideOf(item: number, places: number, ...first: number[]): Side {
  const usual = new Uint8Array(places);
  for (const place of first) usual[place] = 1;
  return { item, draft: new Float64Array(places), usual, shape: first };
}

/** Scans pieces of one file, one after the other. */
export class BatchScanner {
  private readonly names = new Interner();
  private named = 0;
  private batch: ScanBatch | null = null;
  private packed = 0;
  private placed = 0;
  private readonly client = sideOf(ITEM.client, CLIENT_LAYOUT.length);
  /** The server's worker is told by the log's header where no record tells it: its place is to be written each time. */
  private readonly server = sideOf(ITEM.server, SERVER_LAYOUT.length, SERVER_LAYOUT.at.worker);
  private readonly scanner = new RecordScanner(
    {
      names: this.names,
      texts: { intern: (_, from, to, hash) => this.place(from, to, hash) },
      ids: {
        internPacked: (view, from) =>
          packId(view, from, this.batch!.words, this.packed * ID_WORDS) ? this.packed++ : -1,
        // Others than packed ones are told by their sign.
        intern: (_, from, to) => -1 - this.place(from, to, 0),
      },
    },
    this.client.draft,
    this.server.draft,
    { client: this.client.usual, server: this.server.usual },
  );

  /** `isPart`: the first piece begins within a line. */
  constructor(private isPart: boolean) {}

  /**
   * Scans the first `length` bytes of a batch. Those behind the last line feed are left for the next piece, unless
   * `isEnd`: there are no more for now.
   */
  scan(batch: ScanBatch, length: number, isEnd: boolean, most = MOST_RECORDS): Scanned {
    this.batch = batch;
    this.packed = 0;
    this.placed = 0;
    const { bytes, view, items } = batch;
    const lines = bytes.lastIndexOf(LF, length - 1) + 1;
    const end = lines === 0 || isEnd ? length : lines;
    let count = 0;
    let records = 0;
    let at = 0;
    /** Where bytes for the general path begin that are not an item yet. */
    let general = 0;
    const leave = (): void => {
      if (general === at) return;
      items[count++] = ITEM.bytes;
      items[count++] = general;
      items[count++] = at;
    };
    if (this.isPart) at = lines === 0 ? end : bytes.indexOf(LF) + 1;
    while (at < lines && records < most && count + 2 * ITEM_WORDS < items.length) {
      const { packed, placed } = this;
      const next = this.scanner.scan(bytes, view, at);
      if (next < 0 || next - at > MAX_LINE_BYTES + 1) {
        this.packed = packed;
        this.placed = placed;
        at = bytes.indexOf(LF, at) + 1;
        continue;
      }
      const side = this.scanner.isServer ? this.server : this.client;
      // A key that is new to its side ends a batch; its line is scanned again for the next one.
      if (this.scanner.isUnusual) {
        if (records > 0) break;
        this.reshape(side);
      }
      if (general < at || count === 0 || items[count - ITEM_WORDS] !== side.item) {
        leave();
        items[count++] = side.item;
        items[count++] = records;
        items[count++] = records;
      }
      items[count - 1] = records + 1;
      this.keep(batch, side, records++);
      at = next;
      general = at;
    }
    if (at >= lines) at = end;
    leave();
    this.isPart = at > 0 ? bytes[at - 1] !== LF : this.isPart;
    return {
      consumed: at,
      items: count,
      shapes: { client: this.client.shape, server: this.server.shape },
      names: this.newNames(),
    };
  }

  private reshape(side: Side): void {
    for (let field = 0; field < side.draft.length; field++)
      if (!Number.isNaN(side.draft[field]!)) side.usual[field] = 1;
    side.shape = placesIn(side.usual);
  }

  private place(from: number, to: number, hash: number): number {
    const { texts } = this.batch!;
    const at = this.placed * TEXT_WORDS;
    texts[at] = from;
    texts[at + 1] = to;
    texts[at + 2] = hash;
    return this.placed++;
  }

  private keep({ values }: ScanBatch, { draft, shape }: Side, record: number): void {
    values[record] = this.scanner.sequence;
    let to = record;
    for (let at = 0; at < shape.length; at++) {
      to += STRIDE;
      values[to] = draft[shape[at]!]!;
    }
  }

  private newNames(): string[] {
    const names: string[] = [];
    for (; this.named < this.names.size; this.named++) names.push(this.names.text(this.named));
    return names;
  }
}
