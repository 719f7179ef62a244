/**
 * How nearly all lines of a closed loop end: with the six stamps of an exchange on a kept-alive connection. They are one
 * text in which only the lower eight digits of each are written anew: the upper eight are the same for a hundred seconds.
 */
import { bytesOf, EIGHT, type LineBuffer } from "../log/line-buffer";
import type { Exchange } from "./exchange";

const textWith = (upper: string): string =>
  ["fetchStart", "requestStart", "requestEnd", "responseStart", "responseHeadersEnd", "responseEnd"]
    .map((name) => `,"${name}":${upper}00000000`)
    .join("")
    .concat("}\n");

const WITHOUT_UPPER = textWith("");
const UPPER_DIGITS = 8;
/** Where the lower digits of the n-th stamp are. */
const place = (n: number): number => [...WITHOUT_UPPER.matchAll(/0{8}/g)][n]!.index + (n + 1) * UPPER_DIGITS;
const FETCH_START = place(0);
const REQUEST_START = place(1);
const REQUEST_END = place(2);
const RESPONSE_START = place(3);
const RESPONSE_HEADERS_END = place(4);
const RESPONSE_END = place(5);

export class UsualStamps {
  /** What the upper digits stand for, µs. */
  private base = 0;
  private text = bytesOf("");

  /** False, and nothing written, where a stamp is missing or the upper digits are not the same in all. */
  write(out: LineBuffer, exchange: Exchange): boolean {
    const { fetchStart, requestStart, requestEnd, responseStart, responseHeadersEnd, responseEnd } = exchange;
    if (responseEnd < this.base || responseEnd >= this.base + EIGHT) this.rebase(responseEnd);
    const { base } = this;
    const first = Math.min(fetchStart, requestStart, requestEnd, responseStart, responseHeadersEnd);
    const last = Math.max(fetchStart, requestStart, requestEnd, responseStart, responseHeadersEnd);
    if (first < base || last >= base + EIGHT) return false;
    const start = out.length;
    out.raw(this.text);
    out.eightDigits(start + FETCH_START, fetchStart - base);
    out.eightDigits(start + REQUEST_START, requestStart - base);
    out.eightDigits(start + REQUEST_END, requestEnd - base);
    out.eightDigits(start + RESPONSE_START, responseStart - base);
    out.eightDigits(start + RESPONSE_HEADERS_END, responseHeadersEnd - base);
    out.eightDigits(start + RESPONSE_END, responseEnd - base);
    return true;
  }

  private rebase(time: number): void {
    const upper = Math.floor(time / EIGHT);
    this.base = upper * EIGHT;
    this.text = bytesOf(textWith(String(upper)));
  }
}
