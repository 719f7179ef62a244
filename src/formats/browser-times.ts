/**
 * The instrumented browser's time.txt (Tsai 1999, appendix I): two lines a record, an object's URL with what happened
 * to it, then the local time to the millisecond. Both spellings are read, the code's (`<url> <tab> started sending
 * request.`) and the listing's (`<url> sending request.`), with LF and CRLF.
 * Not supported: a URL that is broken over several lines. A time line alone is the clock program's own
 * (appendix C writes to the same file): a problem, because no request belongs to it.
 */
import { PC_TICK } from "../model/alignment/grain";
import type { StampRecord } from "../model/record";
import { CTIME_WITHOUT_YEAR, ctimeMicros, Zone } from "./ctime";
import type { Format, FormatContext, RecordSink } from "./format";
import { type LineSink, LineSplitter } from "./lines";

const MARKS = {
  "started sending request": "requestStart",
  "sending request": "requestStart",
  "started receiving": "responseStart",
  "finished receiving": "responseEnd",
} as const satisfies Record<string, StampRecord["mark"]>;
type Mode = keyof typeof MARKS;

/**
 * Behind an object's URL, which may itself hold a mode's words or end in a full stop: what stands last on the line counts.
 * The URL is no part of the pattern: with it a line of blanks takes the square of its length.
 */
const MODE = /\s((?:started )?sending request|started receiving|finished receiving)\.\s*$/;
const TIME = new RegExp(String.raw`^The time is (${CTIME_WITHOUT_YEAR})\.(\d{3}) (\d{4})\s*$`);
const MAX_LINE = 16 * 1024;

export const browserTimes: Format = {
  id: "browser-times",
  label: "instrumented browser's time.txt (1999)",
  isLocal: true,
  matches: (head) => head.split(/\r?\n/, 20).some((line) => objectOf(line) !== null || TIME.test(line)),
  open: (sink, context) => new LineSplitter(new BrowserTimes(sink, context), MAX_LINE),
};

function objectOf(line: string): { url: string; mode: Mode } | null {
  const mode = /^\S/.test(line) ? MODE.exec(line) : null;
  return mode && { url: line.slice(0, mode.index).trimEnd(), mode: mode[1] as Mode };
}

class BrowserTimes implements LineSink {
  private object: { url: string; mode: Mode; line: number } | null = null;
  private readonly zone: Zone;

  constructor(
    private readonly sink: RecordSink,
    context: FormatContext,
  ) {
    this.zone = new Zone(context, (line, reason) => sink.problem(line, reason));
  }

  line(text: string, number: number): void {
    const time = TIME.exec(text);
    if (time) {
      this.time(time[1]!, time[2]!, time[3]!, number);
      return;
    }
    this.end();
    const object = objectOf(text);
    if (object) this.object = { ...object, line: number };
    else if (text.trim() !== "")
      this.sink.problem(number, "neither an object's URL with what happened to it nor a time");
  }

  tooLong(number: number): void {
    this.end();
    this.sink.problem(number, `longer than ${MAX_LINE} bytes`);
  }

  /** An object without its time: the next object came first, or the file ends. */
  end(): void {
    if (this.object) this.sink.problem(this.object.line, "an object's URL without a time after it (a torn record)");
    this.object = null;
  }

  private time(withoutYear: string, millis: string, year: string, number: number): void {
    const { object } = this;
    this.object = null;
    if (!object) {
      this.sink.problem(number, "a time without an object before it: the clock program's, or a torn record");
      return;
    }
    const zone = this.zone.at(object.line);
    if (zone === null) return;
    const time = ctimeMicros(withoutYear, year, Number(millis) * 1000, zone);
    if (typeof time === "object") this.sink.problem(number, time.problem);
    else
      this.sink.record(
        { type: "stamp", role: "client", mark: MARKS[object.mode], time, grain: PC_TICK, url: object.url },
        object.line,
      );
  }
}
