/**
 * The addresses that a style sheet names: `url()` and `@import` (CSS Syntax, level 3, as far as it concerns them).
 * All of them are taken, though a browser loads only those of the rules that apply. Not supported: image-set strings.
 */

export interface StyleReferences {
  imports: string[];
  images: string[];
}

/** A comment, a string, or a `url(` with a bare address; `@import` before the latter two makes it an import. */
const TOKEN =
  /\/\*[\s\S]*?(?:\*\/|$)|(@import\s+)?(?:"((?:[^"\\\n]|\\[\s\S])*)"|'((?:[^'\\\n]|\\[\s\S])*)'|url\(\s*(?:"((?:[^"\\\n]|\\[\s\S])*)"|'((?:[^'\\\n]|\\[\s\S])*)'|([^"'()\s\\]*(?:\\(?:[0-9a-f]{1,6}\s?|[^0-9a-f])[^"'()\s\\]*)*))\s*\))/gi;

export function styleReferences(css: string): StyleReferences {
  const references: StyleReferences = { imports: [], images: [] };
  for (const [, isImport, ...texts] of css.matchAll(TOKEN)) {
    const [double, single, ...urls] = texts;
    const url = urls.find((text) => text !== undefined);
    const address = unescapeCss(url ?? double ?? single ?? "");
    if (address === "") continue;
    if (isImport !== undefined) references.imports.push(address);
    else if (url !== undefined) references.images.push(address);
  }
  return references;
}

const unescapeCss = (text: string): string =>
  text.replace(/\\(?:([0-9a-f]{1,6})\s?|(\n)|([\s\S]))/gi, (_, hex?: string, feed?: string, plain?: string) => {
    if (feed !== undefined) return "";
    if (hex === undefined) return plain ?? "";
    const code = Number.parseInt(hex, 16);
    return code === 0 || code > 0x10ffff ? "\uFFFD" : String.fromCodePoint(code);
  });
