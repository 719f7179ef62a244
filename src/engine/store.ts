/** Everything known of one session: the tables of both sides, what they refer to, and the rows that join them. */
import type { EventRecord, HeaderRecord, ListenRecord, Role, StampRecord } from "../model/record";
import { AccessPairing } from "./access-pairing";
import { Children } from "./children";
import { Clocks } from "./clocks";
import { LogFile } from "./log-file";
import { LogPart, WriterState } from "./log-part";
import type { MemoryBound } from "./memory-bound";
import type { Pages } from "./pages";
import { Pairing } from "./pairing";
import { Problems } from "./problems";
import { RouteKeys } from "./route-keys";
import { RowFacts } from "./row-facts";
import { Rows } from "./rows";
import { Sources } from "./sources";
import { Spine } from "./spine";
import { Stamps } from "./stamps";
import { Strings } from "./strings";
import { clientTable, serverTable } from "./table";

/** A single mark of a historical log, and where it stands. */
export interface PlacedStamp {
  stamp: StampRecord;
  file: LogFile;
  line: number;
}

export class Store {
  readonly strings = new Strings();
  readonly sources = new Sources();
  readonly children = new Children(this.strings, this.sources);
  readonly client = clientTable();
  readonly server = serverTable();
  readonly rows = new Rows();
  readonly parts: LogPart[] = [];
  readonly files: LogFile[] = [];
  readonly problems = new Problems();
  readonly events: EventRecord[] = [];
  readonly listens: ListenRecord[] = [];
  /** Single marks of historical logs. */
  readonly stamps = new Stamps(this);
  /** Why records that were put together from marks have no peer, by record. */
  readonly unpaired = { client: new Map<number, string>(), server: new Map<number, string>() };
  /** Records that have neither an id nor a place on a connection. */
  readonly accesses = new AccessPairing(this);
  readonly pairing = new Pairing(this);
  readonly clocks = new Clocks(this);
  readonly routes = new RouteKeys(this.strings, new RowFacts(this));
  readonly spine = new Spine(this);

  /** µs since the epoch; the first stamp that was seen. NaN before it. */
  base = Number.NaN;
  /** Minutes east of UTC of the logs that name no zone, as it was told; null where there is none such. */
  zone: number | null = null;
  /** Whether writers may still append; set by whoever reads the files. */
  recording = false;
  /** Whoever reads the files sets it and asks it; without one everything is held. */
  memory: MemoryBound | null = null;

  /** `path` is as the reader knows the file; `name` is its base name. */
  addFile(path: string, name: string): LogFile {
    const file = new LogFile(this, path, name);
    this.files.push(file);
    return file;
  }

  /** The part of a file that a header begins, or the one that the same header began before. */
  part(file: LogFile, header: HeaderRecord | null): LogPart {
    const known = header ? this.parts.filter((part) => part.header?.log === header.log) : [];
    const same = known.find((part) => part.file === file);
    if (same) return same;
    const alone = !this.parts.some((part) => part.file === file);
    const number = this.parts.length;
    const label = alone ? file.name : `${file.name}#${header?.writer ?? number}`;
    const part = new LogPart(number, file, header, label, known[0]?.writer ?? new WriterState(), this.sources);
    this.parts.push(part);
    return part;
  }

  partOf(side: Role, record: number): LogPart {
    return this.parts[this[side].value(record, "log")]!;
  }

  /** Widens a part's span by one record's first and last stamp, µs since the epoch on its own clock. */
  cover(part: LogPart, from: number, to: number): void {
    if (Number.isNaN(from)) return;
    if (Number.isNaN(this.base)) this.base = from;
    if (from < part.first) part.first = from;
    if (to > part.last) part.last = to;
  }

  /**
   * So many more records of a side will come from a file: room for them is taken at once, which is faster than growing
   * and leaves nothing over. `have`: how many of them are there already.
   */
  expect(side: Role, file: LogFile, have: number, more: number): void {
    const { ids } = this.strings;
    const records = this[side].length + more;
    this[side].expect(records);
    this.rows.expect(side, records);
    file.expect(have + more);
    // The other side's requests have the same ids.
    if (ids.size >= this[side].length && ids.size < 2 * this[side].length) ids.expect(ids.size + more);
  }

  /** Columns of the oldest requests go to a file, most of those that are in memory. */
  release(pages: Pages): void {
    const { client, server } = this;
    client.release(pages);
    server.release(pages);
    this.children.release(pages);
    this.rows.release(pages, client.length, server.length);
    this.pairing.release(pages);
    for (const file of this.files) file.release(pages);
  }

  /** Bytes held in columns and strings, for the memory bound. */
  get bytes(): number {
    const lines = this.files.reduce((sum, file) => sum + file.bytes, 0);
    return (
      this.strings.bytes +
      this.client.bytes +
      this.server.bytes +
      this.children.bytes +
      this.rows.bytes +
      this.pairing.bytes +
      this.routes.bytes +
      this.spine.bytes +
      (this.memory?.bytes ?? 0) +
      lines
    );
  }
}
