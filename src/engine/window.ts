/** A slice of a view as typed arrays, ready to be transferred. */
import { arrivalOf } from "../model/metrics";
import { ROW_BITS, type RowWindow, TEXT_FIELDS, TIME_FIELDS, VALUE_FIELDS } from "../protocol/messages";
import { Axis } from "./axis";
import { STATES } from "./draft";
import type { GroupSummary } from "./group-summary";
import type { Group } from "./grouping";
import { noteOf } from "./note";
import { RowFacts } from "./row-facts";
import { lastStamp } from "./row-span";
import type { Steps } from "./steps";
import type { Store } from "./store";
import type { ViewRows } from "./view";

const time = (name: (typeof TIME_FIELDS)[number]): number => TIME_FIELDS.indexOf(name);
const CLIENT_FIELDS = [
  "fetchStart",
  "connectStart",
  "connectEnd",
  "requestStart",
  "responseStart",
  "responseEnd",
] as const;
const SERVER_IN = ["arrivalEarliest", "arrivalLatest", "parseStart", "parseEnd"] as const;
const SERVER_OUT = ["processEnd", "sendEnd"] as const;
/** Of the first of the arrival's two ends. */
const ARRIVAL = time("arrivalEarliest");
const CLIENT_LAST = time("clientLast");
const SERVER_LAST = time("serverLast");

/** Texts of one window ⇄ indices; index 0 is the empty text. */
class Dictionary {
  readonly texts = [""];
  private readonly indices = new Map([["", 0]]);

  index(text: string | null): number {
    if (text === null) return 0;
    let index = this.indices.get(text);
    if (index === undefined) {
      index = this.texts.push(text) - 1;
      this.indices.set(text, index);
    }
    return index;
  }
}

export function* cutWindow(store: Store, rows: ViewRows, from: number, wanted: number): Steps<RowWindow> {
  const first = Math.min(Math.max(0, Math.floor(from)), rows.result.rows);
  const count = Math.min(Math.max(0, Math.floor(wanted)), rows.result.rows - first);
  const { revision, axis, view } = rows;
  const summaries = new Map<number, GroupSummary>();
  for (let position = 0; position < count; position++) {
    const entry = rows.at(first + position);
    if (typeof entry !== "number") summaries.set(position, yield* rows.summary(store, entry));
  }
  // In one step: a window does not mix two states of a recording.
  const window = new WindowBuilder(store, { revision, axis, aligned: view.aligned }, first, count);
  for (let position = 0; position < count; position++) {
    const entry = rows.at(first + position);
    if (typeof entry === "number") window.row(position, entry);
    else window.header(position, entry, rows.isFolded(entry), summaries.get(position)!);
  }
  return window.finish();
}

/** One request outside of any view, its server's marks on the client's axis. */
export function cutRow(store: Store, row: number): RowWindow {
  const window = new WindowBuilder(store, { revision: 0, axis: new Axis(store), aligned: true }, 0, 1);
  window.row(0, row);
  return window.finish();
}

/** What a window is cut for. */
interface Frame {
  revision: number;
  axis: Axis;
  aligned: boolean;
}

class WindowBuilder {
  private readonly facts: RowFacts;
  private readonly dictionary = new Dictionary();
  private readonly index: Uint32Array;
  private readonly bits: Uint16Array;
  private readonly times: Float64Array;
  private readonly values: Float64Array;
  private readonly texts: Uint32Array;
  private readonly children: number[] = [];
  private readonly childTexts: number[] = [];

  constructor(
    private readonly store: Store,
    private readonly frame: Frame,
    private readonly from: number,
    private readonly count: number,
  ) {
    this.facts = new RowFacts(store);
    this.index = new Uint32Array(count);
    this.bits = new Uint16Array(count);
    this.times = new Float64Array(count * TIME_FIELDS.length).fill(Number.NaN);
    this.values = new Float64Array(count * VALUE_FIELDS.length).fill(Number.NaN);
    this.texts = new Uint32Array(count * TEXT_FIELDS.length);
  }

  row(position: number, row: number): void {
    const { store, facts } = this;
    this.index[position] = row;
    this.bits[position] = this.bitsOf(row);
    this.timesOf(position, row);
    this.setValues(position, [
      facts.status(row),
      facts.bytes(row),
      facts.duration(row, "clientResponse"),
      facts.duration(row, "serverResponse"),
      facts.duration(row, "network"),
      facts.duration(row, "queue"),
      facts.offset(row)?.uncertainty ?? Number.NaN,
    ]);
    this.setTexts(position, [
      facts.method(row),
      facts.target(row),
      facts.host(row),
      facts.route(row),
      store.sources.label(facts.ofServer(row, "handler")),
      noteOf(store, facts, row),
    ]);
  }

  header(position: number, group: Group, folded: boolean, summary: GroupSummary): void {
    this.index[position] = group.rows[0]!;
    this.bits[position] = ROW_BITS.groupHeader | (folded ? ROW_BITS.folded : 0);
    this.setTime(position, time("requestStart"), summary.from - this.store.base);
    this.setTime(position, CLIENT_LAST, summary.to - this.store.base);
    this.setValues(position, [
      Number.NaN,
      summary.bytes,
      summary.clientResponse,
      summary.serverResponse,
      summary.network,
      summary.queue,
      Number.NaN,
    ]);
    this.setTexts(position, ["", group.label, group.key, null, null, summary.text]);
  }

  finish(): RowWindow {
    const isHeader = (position: number): boolean => (this.bits[position]! & ROW_BITS.groupHeader) !== 0;
    const ordinals = this.store.spine.ordinals(this.index);
    return {
      revision: this.frame.revision,
      from: this.from,
      count: this.count,
      index: this.index,
      ordinals: ordinals.map((ordinal, position) => (isHeader(position) ? 0 : ordinal)),
      bits: this.bits,
      times: this.times,
      values: this.values,
      texts: this.texts,
      dictionary: this.dictionary.texts,
      children: Float64Array.from(this.children),
      childTexts: Uint32Array.from(this.childTexts),
    };
  }

  private bitsOf(row: number): number {
    const { store, facts } = this;
    let bits = STATES.indexOf(facts.state(row)) as number;
    if (!Number.isNaN(store.rows.client(row))) bits |= ROW_BITS.hasClient;
    if (!Number.isNaN(store.rows.server(row))) bits |= ROW_BITS.hasServer;
    if (!Number.isNaN(facts.ofServer(row, "handler"))) bits |= ROW_BITS.handler;
    if (facts.isInterference(row)) bits |= ROW_BITS.interference;
    if (facts.isWarmup(row)) bits |= ROW_BITS.warmup;
    if (facts.flags(row).length > 0) bits |= ROW_BITS.flagged;
    return bits;
  }

  private timesOf(position: number, row: number): void {
    const { store, facts } = this;
    const { base } = store;
    const { client, up, down } = this.shifts(row);
    for (const key of CLIENT_FIELDS) this.setTime(position, time(key), facts.stamp(row, key) - client - base);
    this.setTime(position, CLIENT_LAST, lastStamp(store, "client", row) - client - base);
    for (const key of SERVER_IN) this.setTime(position, time(key), facts.stamp(row, key) - up - base);
    if (this.frame.aligned)
      arrivalOf(facts.stamps(row), facts.offset(row)).forEach((value, end) => {
        this.setTime(position, ARRIVAL + end, value - up - base);
      });
    for (const key of SERVER_OUT) this.setTime(position, time(key), facts.stamp(row, key) - down - base);
    this.setTime(position, SERVER_LAST, lastStamp(store, "server", row) - down - base);
    const first = facts.ofServer(row, "firstChild");
    const childCount = Number.isNaN(first) ? 0 : facts.ofServer(row, "childCount");
    for (let child = first; child < first + childCount; child++) {
      this.children.push(position, store.children.start(child) - up - base, store.children.duration(child));
      this.childTexts.push(
        this.dictionary.index(store.children.kindOf(child)),
        this.dictionary.index(store.children.nameOf(child)),
      );
    }
  }

  /** What to subtract from a row's stamps to have them on the view's clock. */
  private shifts(row: number): { client: number; up: number; down: number } {
    const { axis, aligned } = this.frame;
    const client = this.store.rows.client(row);
    const server = this.store.rows.server(row);
    const raw = { up: 0, down: 0 };
    if (!aligned) return { client: 0, ...raw };
    return {
      client: Number.isNaN(client) ? 0 : axis.client(client),
      ...(Number.isNaN(server) ? raw : axis.server(server)),
    };
  }

  private setTime(position: number, field: number, value: number): void {
    this.times[field * this.count + position] = value;
  }

  private setValues(position: number, values: readonly number[]): void {
    values.forEach((value, field) => {
      this.values[field * this.count + position] = value;
    });
  }

  private setTexts(position: number, texts: readonly (string | null)[]): void {
    texts.forEach((text, field) => {
      this.texts[field * this.count + position] = this.dictionary.index(text);
    });
  }
}
