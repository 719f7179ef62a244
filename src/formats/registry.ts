/** All formats, in the order in which they are asked. A format that matches more strictly stands first. */
import type { Format } from "./format";
import { nativeFormat } from "./native-format";

export const FORMATS: readonly Format[] = [nativeFormat];

/** The format of a file that begins with `head`, told by content; null where nobody knows it. */
export const detectFormat = (head: string): Format | null => FORMATS.find((format) => format.matches(head)) ?? null;
