/**
 * Access logs: NCSA's common log format and its extensions, Apache's and nginx's combined format, and any format of
 * nginx or Apache whose `log_format` or `LogFormat` directive stands in the file's first lines or is given beside it, as
 * pasted from the configuration (docs/formats.md). Line by line; a line that is none is a problem.
 *   HOST IDENT AUTHUSER [dd/Mmm/yyyy:hh:mm:ss ±zzzz] "REQUEST" STATUS BYTES [SERVERNAME] [DURATION] ["REFERER" "AGENT"]
 * A last number as nginx's $request_time prints it (seconds with milliseconds) is taken as that.
 * Not supported: times in a format of one's own (`%{…}t`), durations behind the combined format that do not say their
 * unit: the directive says it.
 */
import { MICROS_PER_SECOND, type Micros } from "../model/time";
import { accessRecord, grainOf, valuesOf } from "./access-fields";
import { commonTime } from "./access-time";
import { ForeignWriter } from "./foreign";
import type { Format, FormatContext, RecordSink } from "./format";
import { type LineSink, LineSplitter } from "./lines";
import { cut, type LogTemplate, parseDirective } from "./log-template";

const MAX_LINE = 64 * 1024;
const DIRECTIVE = /^\uFEFF?\s*(?:log_format|LogFormat)\s/;
const MAX_DIRECTIVE_LINES = 32;

/** HOST IDENT AUTHUSER [TIME] "REQUEST" STATUS, and the rest, which varies. */
const COMMON: LogTemplate = {
  server: "nginx",
  literals: ["", " ", " ", " [", '] "', '" ', " ", ""],
  isJson: false,
  fields: (["client", "other", "other", "commonTime", "request", "status", "other"] as const).map((kind) => ({
    kind,
    quoted: kind === "request",
    listed: false,
  })),
};
const TIME_AT = 3;
const REST_AT = 6;
const SECONDS = /^\d+\.\d{3}$/;

export const accessLog: Format = {
  id: "access-log",
  label: "access log",
  matches: (head) => {
    if (DIRECTIVE.test(head)) return true;
    const lines = head.split(/\r?\n/, 20).filter((line) => line.trim() !== "");
    return lines.some((line) => commonTime(cut(COMMON, line)?.[TIME_AT] ?? "") !== null);
  },
  open: (sink, context) => new LineSplitter(new AccessLog(sink, context), MAX_LINE),
};

/** A directive, and the step of the clock that its lines are stamped by, µs; 0: they have no time. */
interface Described {
  log: LogTemplate;
  grain: Micros;
}

function described(directive: string): Described | null {
  const log = parseDirective(directive);
  return log && { log, grain: grainOf(log.fields.map(({ kind }) => kind)) };
}

/** Whether a log that begins so is of the format that a directive describes. */
export function isOfDirective(head: string, directive: string): boolean {
  const template = described(directive);
  if (!template || template.grain === 0) return false;
  const { log } = template;
  return head.split(/\r?\n/, 20).some((line) => {
    const texts = cut(log, line);
    return texts !== null && !("problem" in accessRecord(valuesOf(log, texts), log.server));
  });
}

class AccessLog implements LineSink {
  private readonly writer: ForeignWriter;
  /** What the file says of itself; null: the common format. */
  private template: Described | null = null;
  private directive: { text: string; lines: number; from: number } | null = null;
  /** What the user says of it, for lines that are so. */
  private readonly given: Described | null;
  private begun = false;
  private toldRest = false;

  constructor(
    private readonly sink: RecordSink,
    context: FormatContext,
  ) {
    this.writer = new ForeignWriter(sink, context, "an access log");
    this.given = context.directive === undefined ? null : described(context.directive);
  }

  line(text: string, number: number): void {
    if (this.directive || (!this.begun && DIRECTIVE.test(text))) this.describe(text.replace(/^\uFEFF/, ""), number);
    else if (text.trim() !== "") this.read(text, number);
  }

  tooLong(number: number): void {
    this.sink.problem(number, `longer than ${MAX_LINE} bytes`);
  }

  end(): void {
    if (this.directive) this.sink.problem(this.directive.from, "a format's directive that does not end");
  }

  /** One more line of the directive. */
  private describe(text: string, number: number): void {
    this.directive ??= { text: "", lines: 0, from: number };
    const { directive } = this;
    directive.text += `${text}\n`;
    directive.lines++;
    this.template = described(directive.text.replace(/\\\n/g, " "));
    if (this.template || directive.lines === MAX_DIRECTIVE_LINES) this.directive = null;
    if (this.template?.grain === 0) {
      this.sink.problem(number, "the format has no time: nothing can be shown of its lines");
      this.template = null;
    } else if (!this.template && !this.directive)
      this.sink.problem(directive.from, "not understood as a format's directive");
  }

  private read(text: string, number: number): void {
    const { template, given } = this;
    const texts = cut(template?.log ?? given?.log ?? COMMON, text);
    if (template) this.readAs(template, texts, text, number);
    else if (given && texts) this.readAs(given, texts, text, number);
    else this.keep(this.common(given ? cut(COMMON, text) : texts, number), MICROS_PER_SECOND, text, number);
  }

  private readAs({ log, grain }: Described, texts: string[] | null, text: string, number: number): void {
    if (texts) this.keep(accessRecord(valuesOf(log, texts), log.server), grain, text, number);
    else this.sink.problem(number, "not a line of the directive's format");
  }

  private keep(record: ReturnType<typeof accessRecord>, grain: Micros, text: string, number: number): void {
    if ("problem" in record) {
      this.sink.problem(number, record.problem);
      return;
    }
    this.begun = true;
    this.writer.use("server", text, { role: "server", grain }, number);
    this.writer.server(record, number);
  }

  private common(texts: string[] | null, number: number): ReturnType<typeof accessRecord> {
    if (!texts) return { problem: "not a line of an access log" };
    const [bytes, ...rest] = texts[REST_AT]!.match(/"(?:[^"\\]|\\.)*"|\S+/g) ?? [];
    if (bytes !== "-" && !/^\d+$/.test(bytes ?? "")) return { problem: "no size where the common format has it" };
    const values = valuesOf(COMMON, texts);
    values.bytes = bytes;
    let isBehind = false;
    let [seconds, secondsBefore]: (string | undefined)[] = [];
    let isUnknown = false;
    for (const field of rest) {
      if (field.startsWith('"')) isBehind = true;
      else if (isBehind) {
        isUnknown = true;
        if (SECONDS.test(field)) seconds ??= field;
      } else if (SECONDS.test(field)) secondsBefore ??= field;
      else if (/^\d{1,9}$/.test(field)) values.durationSeconds = field;
      else if (field !== "-" && !/^\d+$/.test(field)) values.host = field;
    }
    seconds ??= secondsBefore;
    if (seconds !== undefined) values.durationSeconds = seconds;
    else if (isUnknown && !this.toldRest) {
      this.toldRest = true;
      this.sink.problem(
        number,
        "fields behind the combined format: put its log_format or LogFormat directive before the first line",
      );
    }
    return accessRecord(values, "nginx");
  }
}
