/**
 * A weighted mix of requests, one a line: `WEIGHT [METHOD] URL`. Weights are relative; empty lines and lines that begin
 * with # are passed over. A URL may be a path, where a base is known.
 */
import { parseUrl } from "../origin";

export interface MixEntry {
  weight: number;
  method: string;
  url: URL;
}

/** Throws in words that name the line. */
export function parseMix(text: string, base?: string): MixEntry[] {
  const entries: MixEntry[] = [];
  for (const [index, line] of text.split(/\r?\n/).entries()) {
    if (/^\s*(?:#.*)?$/.test(line)) continue;
    const match = /^\s*(\d+(?:\.\d+)?)%?\s+(?:([A-Za-z][A-Za-z-]*)\s+)?(\S+)\s*$/.exec(line);
    if (!match) throw new Error(`line ${index + 1} of the mix is not WEIGHT [METHOD] URL: ${line.slice(0, 80)}`);
    const url = parseUrl(match[3]!, base);
    url.hash = "";
    entries.push({ weight: Number(match[1]), method: match[2]?.toUpperCase() ?? "GET", url });
  }
  if (!entries.some(({ weight }) => weight > 0)) throw new Error("the mix has no request with a weight over 0");
  return entries;
}
