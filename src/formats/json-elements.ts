/**
 * Elements of large JSON documents, one at a time, without holding the document: told by their paths, such as
 * `log.entries[]`. Several documents may follow each other (one a line, or not). It judges structure alone; each
 * element is parsed by who asked for it. A document that is torn is ended where its next line begins anew.
 */
import type { Decoder } from "./format";
import { type LineSink, LineSplitter } from "./lines";

export interface ElementSink {
  /** `path` as asked for; `line` is where the element begins. */
  element(path: string, text: string, line: number): void;
  problem(line: number, reason: string): void;
}

export interface ElementOptions {
  paths: readonly string[];
  /** What a line begins with that begins a new document, wherever the last one stands. */
  restart?: string;
}

/** A document on one line is held whole. */
const MAX_LINE = 256 << 20;
const MAX_ELEMENT = 64 << 20;

export const jsonElements = (sink: ElementSink, options: ElementOptions): Decoder =>
  new LineSplitter(new Elements(sink, options), MAX_LINE);

interface Frame {
  array: boolean;
  path: string;
}

class Elements implements LineSink {
  private readonly paths: ReadonlySet<string>;
  private frames: Frame[] = [];
  /** The last key in the innermost object, null where a key comes next. */
  private key: string | null = null;
  private inString = false;
  private capture: { path: string; text: string; line: number; depth: number } | null = null;
  private lastLine = 0;

  constructor(
    private readonly sink: ElementSink,
    private readonly options: ElementOptions,
  ) {
    this.paths = new Set(options.paths);
  }

  line(text: string, number: number): void {
    this.lastLine = number;
    const { restart } = this.options;
    const open = this.frames.length > 0 || this.capture !== null || this.inString;
    if (open && restart !== undefined && text.startsWith(restart)) this.tear(number);
    // A string does not go over a line's end.
    if (this.inString) this.tear(number);
    this.scan(text, number);
    if (this.capture) this.capture.text += "\n";
  }

  tooLong(number: number): void {
    this.sink.problem(number, `longer than ${MAX_LINE} bytes`);
  }

  end(): void {
    if (this.frames.length > 0 || this.capture) this.tear(this.lastLine);
  }

  private tear(line: number): void {
    this.sink.problem(line, "the document before this line is torn; its last element is lost");
    this.frames = [];
    this.key = null;
    this.inString = false;
    this.capture = null;
  }

  private scan(text: string, number: number): void {
    /** Where the captured text of this line begins. */
    let from = 0;
    let at = text.charCodeAt(0) === 0xfeff ? 1 : 0;
    while (at < text.length) {
      const char = text[at]!;
      if (char === '"') {
        const end = stringEnd(text, at);
        if (end < 0) {
          this.inString = true;
          break;
        }
        if (!this.capture && this.frames.at(-1)?.array === false && this.key === null)
          this.key = keyOf(text.slice(at, end));
        at = end;
        continue;
      }
      if (char === "{" || char === "[") {
        if (this.capture) this.capture.depth++;
        else {
          const path = this.pathHere();
          if (this.paths.has(path)) {
            this.capture = { path, text: "", line: number, depth: 1 };
            from = at;
          } else this.open(char === "[", path);
        }
      } else if (char === "}" || char === "]") {
        if (this.capture) {
          if (--this.capture.depth === 0) this.deliver(text.slice(from, at + 1));
        } else this.close();
      } else if (char === "," && !this.capture) this.key = null;
      at++;
    }
    if (!this.capture) return;
    this.capture.text += text.slice(from);
    if (this.capture.text.length > MAX_ELEMENT) this.tear(number);
  }

  private pathHere(): string {
    const frame = this.frames.at(-1);
    if (!frame) return "";
    if (frame.array) return `${frame.path}[]`;
    return frame.path === "" ? (this.key ?? "") : `${frame.path}.${this.key ?? ""}`;
  }

  private open(array: boolean, path: string): void {
    this.frames.push({ array, path });
    this.key = null;
  }

  private close(): void {
    this.frames.pop();
    // What was closed was a value: until the comma no key comes.
    this.key = "";
  }

  private deliver(rest: string): void {
    const { path, text, line } = this.capture!;
    this.capture = null;
    this.key = "";
    this.sink.element(path, text + rest, line);
  }
}

/** Behind the closing quote; -1 where the line ends before it. */
function stringEnd(text: string, start: number): number {
  for (let quote = text.indexOf('"', start + 1); quote >= 0; quote = text.indexOf('"', quote + 1)) {
    let backslashes = 0;
    while (text[quote - 1 - backslashes] === "\\") backslashes++;
    if (backslashes % 2 === 0) return quote + 1;
  }
  return -1;
}

function keyOf(quoted: string): string {
  try {
    return JSON.parse(quoted);
  } catch {
    return "";
  }
}
