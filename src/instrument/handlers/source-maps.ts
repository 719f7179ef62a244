/** From a position in a script that runs to one in the source that its author wrote. */
import { readFileSync } from "node:fs";
import { SourceMap, type SourceMapPayload } from "node:module";
import { dirname, resolve } from "node:path";
import type { Script } from "./inspector";
import { pathOf } from "./script-path";
import { type MapPlace, sourcePath } from "./source-path";

/** Lines and columns are 1-based. */
export interface SourcePosition {
  /** Absolute, unless a map names a source that is no file. */
  file: string;
  line: number;
  column: number;
}

interface Mapped extends MapPlace {
  map: SourceMap;
}

/** A larger map would hold the server up for too long. */
const MOST_CHARACTERS = 64 * 1024 * 1024;
const DATA = /^data:application\/json[^,]*?(;base64)?,/;

export class SourceMaps {
  /** By script; null: it has no map. */
  private readonly maps = new WeakMap<Script, Mapped | null>();

  /** Line and column of the script are 1-based. */
  original(script: Script, line: number, column: number): SourcePosition {
    const mapped = this.mapOf(script);
    const entry = mapped?.map.findEntry(line - 1, column - 1);
    if (!mapped || !entry || !("originalSource" in entry)) return { file: pathOf(script.url), line, column };
    return {
      file: sourcePath(entry.originalSource, mapped),
      line: entry.originalLine + 1,
      column: entry.originalColumn + 1,
    };
  }

  private mapOf(script: Script): Mapped | null {
    let mapped = this.maps.get(script);
    if (mapped === undefined) {
      try {
        mapped = script.sourceMap === "" ? null : load(script);
      } catch {
        // A map that is not there or is none: positions stay the script's.
        mapped = null;
      }
      this.maps.set(script, mapped);
    }
    return mapped;
  }
}

function load(script: Script): Mapped | null {
  const base = dirname(pathOf(script.url));
  const data = DATA.exec(script.sourceMap);
  const file = data ? null : resolve(base, pathOf(script.sourceMap));
  const text =
    file !== null
      ? readFileSync(file, "utf8")
      : data![1]
        ? Buffer.from(script.sourceMap.slice(data![0].length), "base64").toString("utf8")
        : decodeURIComponent(script.sourceMap.slice(data![0].length));
  if (text.length > MOST_CHARACTERS) return null;
  const payload = JSON.parse(text) as SourceMapPayload;
  return { map: new SourceMap(payload), folder: file === null ? base : dirname(file), root: payload.sourceRoot ?? "" };
}
