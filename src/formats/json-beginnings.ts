/**
 * How elements of a JSON document begin, learned from those that were met: where one is damaged, the next one is found
 * by it. In a document with one element after the other on a line that is the element's first name behind a comma or a
 * bracket; in an indented one the line that holds the opening bracket.
 */
const MAX_KNOWN = 32;

export class Beginnings {
  private readonly names = new Set<string>();
  private readonly lines = new Set<string>();
  private pattern: RegExp | null = null;

  /** An element begins at the line's `at`. */
  learn(line: string, at: number): void {
    const rest = line.slice(at, at + 200);
    if (/^[{[]\s*$/.test(rest)) {
      if (this.lines.size < MAX_KNOWN) this.lines.add(line.slice(0, at + 1));
      return;
    }
    const name = /^\{\s*("[\w.$-]*")\s*:/.exec(rest)?.[1];
    if (name === undefined || this.names.has(name) || this.names.size >= MAX_KNOWN) return;
    this.names.add(name);
    const all = [...this.names].map((one) => one.replace(/[.$]/g, "\\$&"));
    this.pattern = new RegExp(`(?:^|[,[])\\s*(\\{)\\s*(?:${all.join("|")})\\s*:`, "dg");
  }

  /** Where an element begins in the line, at `from` or behind it; −1 where none does. */
  find(line: string, from: number): number {
    if (from === 0 && this.lines.has(line.trimEnd())) return line.trimEnd().length - 1;
    if (!this.pattern) return -1;
    this.pattern.lastIndex = from;
    return this.pattern.exec(line)?.indices?.[1]?.[0] ?? -1;
  }
}
