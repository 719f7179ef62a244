/**
 * Elements of large JSON documents, one at a time, without holding the document: told by their paths, such as
 * `log.entries[]`. Several documents may follow each other (one a line, or not). It judges structure alone; each
 * element is parsed by who asked for it. Behind damage it goes on with what begins as other elements began, so that
 * only what cannot be parsed is lost; a document that is torn is ended where its next line begins anew.
 */
import type { Decoder } from "./format";
import { Beginnings } from "./json-beginnings";
import { stringEnd } from "./json-value";
import { type LineSink, LineSplitter } from "./lines";

export interface ElementSink {
  /** `path` as asked for; `line` is where the element begins. False where the text is no JSON object. */
  element(path: string, text: string, line: number): boolean;
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

/** No document has its elements this deep; what is deeper is damage, and would have no room. */
const MAX_DEPTH = 1_000;
/** The path of what no path asked for leads through: paths that grew with the depth would take the square of it. */
const ELSEWHERE = "\0";

/** What damage makes be looked at again, in all, so that a document of nothing but damage takes no time without bounds. */
const MAX_AGAIN = 64 << 20;
/** What a line costs besides, in characters. */
const PART_COST = 64;

interface Frame {
  array: boolean;
  path: string;
}

/** A line, from where on it counts. */
interface Part {
  text: string;
  number: number;
  from: number;
}

interface Capture {
  path: string;
  /** Ended lines. */
  parts: Part[];
  length: number;
  line: number;
  depth: number;
}

class Elements implements LineSink {
  private readonly beginnings = new Map<string, Beginnings>();
  private frames: Frame[] = [];
  /** The last key in the innermost object, null where a key comes next. */
  private key: string | null = null;
  /** Behind a value no other one comes before the comma. */
  private isBehindValue = false;
  private inString = false;
  private capture: Capture | null = null;
  /** Where the last element stood: what closed its list may have been damage, and what follows belongs there. */
  private home: Frame[] | null = null;
  /** Behind damage: what the next element begins as. */
  private sought: Beginnings | null = null;
  private again = 0;
  /** What is to be read, again or for the first time; the next one last. */
  private pending: Part[] = [];
  private lastLine = 0;

  constructor(
    private readonly sink: ElementSink,
    private readonly options: ElementOptions,
  ) {
    for (const path of options.paths) this.beginnings.set(path, new Beginnings());
  }

  line(text: string, number: number): void {
    this.lastLine = number;
    const { restart } = this.options;
    const open = this.frames.length > 0 || this.capture !== null || this.inString;
    if (open && restart !== undefined && text.startsWith(restart)) {
      this.torn(number);
      this.forget();
    }
    this.pending.push({ text, number, from: 0 });
    this.readPending();
  }

  tooLong(number: number): void {
    this.sink.problem(number, `longer than ${MAX_LINE} bytes`);
  }

  end(): void {
    while (this.capture) {
      this.torn(this.lastLine);
      this.recover(this.capture.parts);
      this.readPending();
    }
    if (this.frames.length > 0 && !this.sought && !this.capture) this.torn(this.lastLine);
  }

  private torn(line: number): void {
    this.sink.problem(line, "the document before this line is torn; its last element is lost");
  }

  private forget(): void {
    this.frames = [];
    this.key = null;
    this.isBehindValue = false;
    this.inString = false;
    this.capture = null;
    this.home = null;
    this.sought = null;
  }

  private readPending(): void {
    for (let part = this.pending.pop(); part; part = this.pending.pop()) {
      // A string does not go over a line's end.
      if (this.inString) {
        this.pending.push(part);
        this.torn(part.number);
        this.recover(this.capture?.parts ?? []);
      } else this.read(part);
    }
  }

  private read(part: Part): void {
    let { from } = part;
    if (this.sought) {
      from = this.sought.find(part.text, from);
      if (from < 0) return;
      this.sought = null;
    }
    this.scan({ ...part, from });
  }

  /**
   * What was captured is damaged: goes on where in it, behind its first character, another element begins, or else
   * in the lines to come.
   */
  private recover([first, ...rest]: readonly Part[]): void {
    this.capture = null;
    this.inString = false;
    this.key = null;
    if (this.home && !this.beginnings.has(this.pathHere())) this.frames = [...this.home];
    this.sought = this.beginnings.get(this.pathHere()) ?? null;
    if (!this.sought) this.forget();
    if (!first) return;
    for (const { text } of [first, ...rest]) this.again += text.length + PART_COST;
    if (this.again > MAX_AGAIN) return;
    for (const part of rest.reverse()) this.pending.push(part);
    this.pending.push({ ...first, from: first.from + 1 });
  }

  private scan(part: Part): void {
    const { text, number } = part;
    /** Where the captured text of this line begins. */
    let from = part.from;
    let at = from === 0 && text.charCodeAt(0) === 0xfeff ? 1 : from;
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
        if (
          !this.capture &&
          this.beginnings.has(this.pathHere()) &&
          !/^\s*(?:[,\]]|$)/.test(text.slice(end, end + 99))
        ) {
          this.torn(number);
          this.recover([{ text, number, from: at }]);
          return;
        }
        at = end;
        continue;
      }
      if (char === "{" || char === "[") {
        if (this.capture) this.capture.depth++;
        else if (this.home && char === "{" && this.isAstray(text, at)) {
          this.goHome({ text, number, from: at });
          return;
        } else {
          const path = this.pathHere();
          const beginnings = this.beginnings.get(path);
          if (beginnings) {
            beginnings.learn(text, at);
            this.capture = { path, parts: [], length: 0, line: number, depth: 1 };
            this.home = [...this.frames];
            from = at;
          } else if (this.frames.length < MAX_DEPTH) this.open(char === "[", path);
          else {
            this.torn(number);
            this.recover([{ text, number, from: at }]);
            return;
          }
        }
      } else if (char === "}" || char === "]") {
        if (this.capture) {
          if (--this.capture.depth === 0) {
            const { parts } = this.capture;
            const whole = this.deliver(text.slice(from, at + 1));
            if (!whole && this.othersIn([...parts, { text: text.slice(0, at + 1), number, from }])) {
              this.recover([...parts, { text, number, from }]);
              return;
            }
          }
        } else if (this.frames.length > 0 && this.frames.at(-1)?.array !== (char === "]")) {
          this.torn(number);
          this.recover([{ text, number, from: at }]);
          return;
        } else this.close();
      } else if (char === "," && !this.capture) {
        if (this.home && this.frames.length === 0) {
          this.goHome({ text, number, from: at });
          return;
        }
        this.key = null;
        this.isBehindValue = false;
      }
      at++;
    }
    if (!this.capture) return;
    this.capture.parts.push({ text, number, from });
    this.capture.length += text.length - from;
    if (this.capture.length <= MAX_ELEMENT) return;
    this.torn(number);
    this.recover(this.capture.parts);
  }

  /** Whether another element seems to begin within what was taken for one. */
  private othersIn(parts: readonly Part[]): boolean {
    const beginnings = this.beginnings.get(this.pathHere());
    return parts.some(({ text, from }, index) => (beginnings?.find(text, index === 0 ? from + 1 : from) ?? -1) >= 0);
  }

  /** Whether an object begins where none can: in another one without a key; or an element outside of any document. */
  private isAstray(text: string, at: number): boolean {
    const frame = this.frames.at(-1);
    if (frame) return !frame.array && (this.key === null || this.isBehindValue);
    const list = this.home?.at(-1);
    return list?.array === true && this.beginnings.get(`${list.path}[]`)?.find(text, behind(text, at)) === at;
  }

  /** A list of elements was closed by damage: it goes on with the next one that begins in it. */
  private goHome({ text, number, from }: Part): void {
    this.torn(number);
    this.frames = [...this.home!];
    this.recover([{ text, number, from: behind(text, from) - 1 }]);
  }

  private pathHere(): string {
    const frame = this.frames.at(-1);
    if (!frame) return "";
    if (frame.array) return `${frame.path}[]`;
    return frame.path === "" ? (this.key ?? "") : `${frame.path}.${this.key ?? ""}`;
  }

  private open(array: boolean, path: string): void {
    const leads = this.options.paths.some((asked) => asked.startsWith(path));
    this.frames.push({ array, path: leads ? path : ELSEWHERE });
    this.key = null;
    this.isBehindValue = false;
  }

  private close(): void {
    this.frames.pop();
    // What was closed was a value: until the comma no key comes.
    this.key = "";
    this.isBehindValue = true;
  }

  private deliver(rest: string): boolean {
    const { path, parts, line } = this.capture!;
    this.capture = null;
    this.key = "";
    this.isBehindValue = true;
    const text = [...parts.map((part) => part.text.slice(part.from)), rest].join("\n");
    // What is whole, but no object, is not damaged.
    return this.sink.element(path, text, line) || isJson(text);
  }
}

/** Behind what stands before blanks and commas. */
function behind(text: string, at: number): number {
  let from = at;
  while (from > 0 && /[\s,]/.test(text[from - 1]!)) from--;
  return from;
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

function keyOf(quoted: string): string {
  try {
    return JSON.parse(quoted);
  } catch {
    return "";
  }
}
