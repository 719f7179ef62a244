/** Text of hostile input, as people may see it. */

/** Control characters would drive a terminal or break a line; marks of direction would show a path as another one. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const UNSEEN = /[\u0000-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/g;

export const printable = (text: string): string => text.replace(UNSEEN, "\uFFFD");
