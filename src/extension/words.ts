/** A command line as words, without a shell: quotes keep words together, a backslash keeps the next character. */

const WORD = /\s*((?:"(?:[^"\\]|\\.)*"|'[^']*'|\\.|[^\s"'\\])+)/y;
const PART = /"((?:[^"\\]|\\.)*)"|'([^']*)'|\\(.)|([^\s"'\\]+)/g;

/** The words; null where a quote is not closed. */
export function splitWords(line: string): string[] | null {
  const words: string[] = [];
  const end = line.trimEnd().length;
  WORD.lastIndex = 0;
  while (WORD.lastIndex < end) {
    const word = WORD.exec(line)?.[1];
    if (word === undefined) return null;
    words.push(
      word.replace(PART, (_, double?: string, single?: string, escaped?: string, plain?: string) =>
        double !== undefined ? double.replace(/\\(["\\])/g, "$1") : (single ?? escaped ?? plain ?? ""),
      ),
    );
  }
  return words;
}
