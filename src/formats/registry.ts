/** All formats, in the order in which they are asked. A format that matches more strictly stands first. */
import { accessLog, isOfDirective } from "./access-log";
import { browserTimes } from "./browser-times";
import type { Format, Reading } from "./format";
import { har } from "./har";
import { nativeFormat } from "./native-format";
import { otlp } from "./otlp";
import { serverTimes } from "./server-times";

export const FORMATS: readonly Format[] = [nativeFormat, har, otlp, accessLog, browserTimes, serverTimes];

/** The format of a file that begins with `head`, told by content; null where nobody knows it. */
export const detectFormat = (head: string, { directive }: Reading = {}): Format | null =>
  FORMATS.find((format) => format.matches(head)) ??
  (directive !== undefined && isOfDirective(head, directive) ? accessLog : null);
