/** A command line as words, without a shell: quotes and backslashes as in POSIX, nothing is expanded. */

export function splitWords(text: string): string[] {
  const words: string[] = [];
  let word: string | null = null;
  for (const [, blank, single, double, escaped, plain] of text.matchAll(
    /(\s+)|'([^']*)'|"((?:[^"\\]|\\[\s\S])*)"|\\([\s\S])|([\s\S])/g,
  )) {
    if (blank !== undefined) {
      if (word !== null) words.push(word);
      word = null;
      continue;
    }
    if (plain === "'" || plain === '"') throw new Error(`a quotation mark (${plain}) is not closed`);
    word = (word ?? "") + (single ?? double?.replace(/\\(["\\$`])/g, "$1") ?? escaped ?? plain ?? "");
  }
  if (word !== null) words.push(word);
  return words;
}
