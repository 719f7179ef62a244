/**
 * The instrumented server's logs (Tsai 1999): projlog2, a stamp a line with the file that answers (appendix H), and the
 * transaction log with the request line (appendices A, F, G), also in one file. A line is
 * `MESSAGE usec=uuuuuu Www Mmm dD hh:mm:ss yyyy`, or with the year before `usec=` (the listing), or two lines
 * `MESSAGE Www Mmm dD hh:mm:ss yyyy` and `.u` (appendix A, microseconds without leading zeros).
 * A message is a transaction where it holds ` - ` and a request; else it is empty, `(null)`, or a host name
 * (the request's arrival, nobody is known yet), or a file, with or without the host before it: parsing or sending is
 * complete, which of the two the line does not say.
 * Broken lines are joined again: a record ends with its time. A line that breaks in a path at a hyphen is joined
 * without a blank. Not supported: broken lines in the two-line shape.
 */
import { BINARY_TICK } from "../model/alignment/grain";
import type { StampRecord } from "../model/record";
import { CTIME_WITHOUT_YEAR, ctimeMicros, Zone } from "./ctime";
import type { Format, FormatContext, RecordSink } from "./format";
import { type LineSink, LineSplitter } from "./lines";

/**
 * What ends a record, behind its message; the last `usec=` counts, as a path may hold one too. The message is no part of the
 * patterns: with it a line of blanks takes the square of its length.
 */
const ONE_LINE = new RegExp(
  String.raw`(?:(?:^|\s)(\d{4})\s+)?\busec=(\d{1,6})\s+(${CTIME_WITHOUT_YEAR})(?:\s+(\d{4}))?\s*$`,
);
const TWO_LINES = new RegExp(String.raw`(${CTIME_WITHOUT_YEAR}) (\d{4})\s*$`);
const MICROS_ALONE = /^\.(\d{1,6})\s*$/;
const YEAR_ALONE = /^\s*(\d{4})\s*$/;
const PAGE_NUMBER = /^\s*\d{1,3}\s*$/;
const MAX_LINE = 16 * 1024;
/** A record that was broken over more lines than this is none. */
const MAX_PARTS = 4;

export const serverTimes: Format = {
  id: "server-times",
  label: "instrumented server's logs (1999)",
  isLocal: true,
  matches: (head) => {
    const lines = head.split(/\r?\n/, 20);
    return lines.some((line, index) => {
      const next = lines[index + 1] ?? "";
      return (
        ONE_LINE.test(line) || ONE_LINE.test(`${line} ${next}`) || (TWO_LINES.test(line) && MICROS_ALONE.test(next))
      );
    });
  },
  open: (sink, context) => new LineSplitter(new ServerTimes(sink, context), MAX_LINE),
};

class ServerTimes implements LineSink {
  /** A record's text so far, and where it began; null between records. */
  private open: { text: string; line: number; parts: number } | null = null;
  private readonly zone: Zone;

  constructor(
    private readonly sink: RecordSink,
    context: FormatContext,
  ) {
    this.zone = new Zone(context, (line, reason) => sink.problem(line, reason));
  }

  line(text: string, number: number): void {
    if (text.trim() === "") return;
    if (PAGE_NUMBER.test(text)) {
      this.sink.problem(number, "a number alone: a printed page's, no record");
      return;
    }
    const { open } = this;
    if (!open) this.begin(text, number);
    else if (!this.continue(open, text)) {
      this.end();
      this.begin(text, number);
    }
  }

  tooLong(number: number): void {
    this.end();
    this.sink.problem(number, `longer than ${MAX_LINE} bytes`);
  }

  /** What is open stays without its end: another record began, or the file ends. */
  end(): void {
    if (this.open) this.sink.problem(this.open.line, "a record without the end of its time (a torn line)");
    this.open = null;
  }

  private begin(text: string, line: number): void {
    this.open = { text, line, parts: 1 };
    this.finish(text, line);
  }

  /** False where the line is no continuation of what is open. */
  private continue(open: { text: string; line: number; parts: number }, text: string): boolean {
    const micros = MICROS_ALONE.exec(text);
    const two = TWO_LINES.exec(open.text);
    if (micros && two && !ONE_LINE.test(open.text)) {
      this.stamp(before(two), two[1]!, two[2]!, Number(micros[1]), open.line, "two lines");
      return true;
    }
    const yearMissing = ONE_LINE.test(open.text);
    const alone = ONE_LINE.exec(text);
    if (yearMissing ? !YEAR_ALONE.test(text) : alone && standsAlone(before(alone).trim(), open.text)) return false;
    if (open.parts === MAX_PARTS) return false;
    const joined = /\S-$/.test(open.text) ? open.text + text.trimStart() : `${open.text} ${text.trimStart()}`;
    open.text = joined;
    open.parts++;
    this.finish(joined, open.line);
    return true;
  }

  /** Makes the stamp where the text is a whole record. */
  private finish(text: string, line: number): void {
    const match = ONE_LINE.exec(text);
    if (!match) return;
    const [, yearBefore, micros, time, yearAfter] = match;
    const message = before(match);
    if (!yearBefore && !yearAfter) return;
    // The trailing year is the time's; a number before `usec=` is then the message's end.
    const whole = yearBefore && yearAfter ? `${message} ${yearBefore}` : message;
    this.stamp(whole, time!, (yearAfter ?? yearBefore)!, Number(micros), line, "one line");
  }

  private stamp(
    message: string,
    withoutYear: string,
    year: string,
    micros: number,
    line: number,
    shape: "one line" | "two lines",
  ): void {
    this.open = null;
    const meaning = readMessage(message);
    if (!meaning || (shape === "two lines" && meaning.mark !== "processEnd")) {
      this.sink.problem(line, "a time with a message that is no request's: the clock program's, or a torn record");
      return;
    }
    const zone = this.zone.at(line);
    if (zone === null) return;
    const time = ctimeMicros(withoutYear, year, micros, zone);
    if (typeof time === "object") this.sink.problem(line, time.problem);
    else this.sink.record({ type: "stamp", role: "server", time, grain: BINARY_TICK, ...meaning }, line);
  }
}

type Meaning = Omit<StampRecord, "type" | "role" | "time" | "grain" | "url">;

const TRANSACTION = /^(\S+)\s+\S+\s+(?:\S+\s+)?([A-Z]{3,7})\s+(\S.*)$/;
const PROTOCOL = /\sHTTP\/\d+\.\d+$/;
const FILE = /^(?:([^\s/]+)\s+)?(\/.*)$/;
const HOST = /^[A-Za-z0-9_.-]+$/;

/** The message that stands before what was matched. */
const before = ({ input, index }: RegExpExecArray): string => input.slice(0, index).trimEnd();

/** What a message says of its stamp; null where it is of no known kind. */
function readMessage(message: string): Meaning | null {
  const text = message.trim();
  if (text === "" || text === "(null)") return { mark: "parseStart" };
  const transaction = TRANSACTION.exec(text);
  if (transaction)
    return {
      ...{ mark: "processEnd", host: transaction[1]!, method: transaction[2]! },
      target: transaction[3]!.replace(PROTOCOL, "").trimEnd(),
    };
  const file = FILE.exec(text);
  if (file) return { mark: "parseEnd", or: "sendEnd", file: file[2]!, ...(file[1] && { host: file[1] }) };
  return HOST.test(text) ? { mark: "parseStart", host: text } : null;
}

/** Whether a line with its own time is a record of its own, and not the end of the broken one that is open. */
function standsAlone(message: string, open: string): boolean {
  if (message === "") return !TRANSACTION.test(open);
  return TRANSACTION.test(message) || (readMessage(message) !== null && !PROTOCOL.test(message));
}
