/**
 * The hash of a text's bytes, four at a time, and with it the end of a JSON string: the scanner reads every byte once.
 * A view must reach three bytes beyond what is read.
 */

const SEED = 0x2545f491;
const QUOTE = 34;
const BACKSLASH = 92;

const step = (hash: number, word: number): number => {
  const mixed = Math.imul(hash ^ word, 0x9e3779b1);
  return (mixed << 13) | (mixed >>> 19);
};

/** The last one to three bytes of a text as a word. */
const lastWord = (view: DataView, at: number, to: number): number =>
  view.getInt32(at, true) & ((1 << ((to - at) * 8)) - 1);

function finished(hash: number, length: number): number {
  let mixed = Math.imul(hash ^ length, 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 15), 0xc2b2ae35);
  return mixed ^ (mixed >>> 13);
}

export function hashOf(view: DataView, from: number, to: number): number {
  let hash = SEED;
  let at = from;
  for (; at + 4 <= to; at += 4) hash = step(hash, view.getInt32(at, true));
  if (at < to) hash = step(hash, lastWord(view, at, to));
  return finished(hash, to - from);
}

/** The hash of some words of an array. */
export function hashOfWords(words: Int32Array, from: number, count: number): number {
  let hash = SEED;
  for (let at = from; at < from + count; at++) hash = step(hash, words[at]!);
  return finished(hash, count);
}

export function equalTexts(a: DataView, fromA: number, b: DataView, fromB: number, length: number): boolean {
  let at = 0;
  for (; at + 4 <= length; at += 4) if (a.getInt32(fromA + at, true) !== b.getInt32(fromB + at, true)) return false;
  return at === length || lastWord(a, fromA + at, fromA + length) === lastWord(b, fromB + at, fromB + length);
}

/** What `scanString` found. */
export const scanned = { end: 0, hash: 0 };

/**
 * Reads a JSON string's bytes from behind its opening quote; false at a byte that does not stand for itself (an escape,
 * a control character, anything beyond ASCII).
 */
export function scanString(view: DataView, from: number): boolean {
  let hash = SEED;
  let at = from;
  for (;;) {
    const word = view.getInt32(at, true);
    const quote = word ^ 0x22222222;
    const backslash = word ^ 0x5c5c5c5c;
    // The high bit of a byte is set where the byte is zero after the exclusive or, below 0x20, or beyond ASCII.
    const special =
      (((quote - 0x01010101) & ~quote) |
        ((backslash - 0x01010101) & ~backslash) |
        ((word - 0x20202020) & ~word) |
        word) &
      0x80808080;
    if (special !== 0) break;
    hash = step(hash, word);
    at += 4;
  }
  let end = at;
  let byte = view.getUint8(end);
  while (byte >= 0x20 && byte < 0x80 && byte !== QUOTE && byte !== BACKSLASH) byte = view.getUint8(++end);
  if (byte !== QUOTE) return false;
  if (end > at) hash = step(hash, lastWord(view, at, end));
  scanned.end = end;
  scanned.hash = finished(hash, end - from);
  return true;
}
