/**
 * The addresses that a style sheet names: `url()` and `@import` (CSS Syntax, level 3, as far as it concerns them).
 * All of them are taken, though a browser loads only those of the rules that apply. Not supported: image-set strings.
 * Read from token to token, because sheets of megabytes with a font in one address are common, and a stranger's may be worse:
 * a pattern for all of a token has no room for the one and takes years for the other.
 */

export interface StyleReferences {
  imports: string[];
  images: string[];
}

/** What may stand before an address. */
const BEGINNING = /\/\*|@import\s+|url\(\s*|["']/gi;
const STOP_OF_STRING = /["'\\\n]/g;
const STOP_OF_BARE = /["'()\s\\]/g;
const ESCAPE = /\\(?:[0-9a-f]{1,6}\s?|[\s\S])/iy;
const CLOSING = /\s*\)/y;

export function styleReferences(css: string): StyleReferences {
  const references: StyleReferences = { imports: [], images: [] };
  /** Where an `@import` and its blanks end: what begins there is an import. */
  let imported = -1;
  let at = 0;
  for (let begun = next(BEGINNING, css, at); begun; begun = next(BEGINNING, css, at)) {
    const [word] = begun;
    at = begun.index + word.length;
    if (word === "/*") {
      const end = css.indexOf("*/", at);
      if (end < 0) break;
      at = end + 2;
    } else if (word.startsWith("@")) imported = at;
    else {
      const isUrl = word.length > 1;
      const token = isUrl ? urlAt(css, at) : stringAt(css, at - 1);
      at = token.end;
      if (token.text === null || token.text === "") continue;
      if (begun.index === imported) references.imports.push(unescapeCss(token.text));
      else if (isUrl) references.images.push(unescapeCss(token.text));
    }
  }
  return references;
}

/** A token's text as it is written, null where it is broken, and where to go on. */
interface Token {
  text: string | null;
  end: number;
}

/** What stands between `url(` and `)`. */
function urlAt(css: string, from: number): Token {
  const token = css[from] === '"' || css[from] === "'" ? stringAt(css, from) : bareAt(css, from);
  const closing = token.text === null ? null : next(CLOSING, css, token.end);
  return closing ? { text: token.text, end: token.end + closing[0].length } : { text: null, end: token.end };
}

/** The string whose quote is at `from`; one that its line does not close is none. */
function stringAt(css: string, from: number): Token {
  for (let stop = next(STOP_OF_STRING, css, from + 1); stop; ) {
    const { index } = stop;
    if (css[index] === css[from]) return { text: css.slice(from + 1, index), end: index + 1 };
    if (css[index] === "\n") return { text: null, end: index };
    stop = next(STOP_OF_STRING, css, index + (css[index] === "\\" ? 2 : 1));
  }
  return { text: null, end: css.length };
}

/** Up to what no address without quotes may hold. */
function bareAt(css: string, from: number): Token {
  let end = from;
  for (let stop = next(STOP_OF_BARE, css, from); stop; stop = next(STOP_OF_BARE, css, end)) {
    end = stop.index;
    const escaped = next(ESCAPE, css, end);
    if (!escaped) return { text: css.slice(from, end), end };
    end += escaped[0].length;
  }
  return { text: null, end: css.length };
}

/** The pattern's first match at `from` or behind it; of a sticky pattern at `from`. */
function next(pattern: RegExp, text: string, from: number): RegExpExecArray | null {
  pattern.lastIndex = from;
  return pattern.exec(text);
}

const unescapeCss = (text: string): string =>
  text.replace(/\\(?:([0-9a-f]{1,6})\s?|(\n)|([\s\S]))/gi, (_, hex?: string, feed?: string, plain?: string) => {
    if (feed !== undefined) return "";
    if (hex === undefined) return plain ?? "";
    const code = Number.parseInt(hex, 16);
    return code === 0 || code > 0x10ffff ? "\uFFFD" : String.fromCodePoint(code);
  });
