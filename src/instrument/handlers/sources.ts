/** Functions and stack frames as source records: located once each, in the user's own source. */
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { recordedFile } from "../recorded-file";
import type { Recorder } from "../recorder";
import { type Frame, isOwnScript } from "./frames";
import { Inspector, type Script } from "./inspector";
import { SourceMaps } from "./source-maps";

/** A located function. */
export interface Located {
  /** Id of its source record. */
  id: number;
  /** In the user's own code, not a package's. */
  own: boolean;
}

/** Digits of a sha256 that name a file's version. */
const HASH_DIGITS = 16;
const NOWHERE: Located = { id: 0, own: false };

export class Sources {
  private readonly inspector = new Inspector();
  private readonly maps = new SourceMaps();
  private readonly functions = new WeakMap<object, Located>();
  private readonly hashes = new Map<string, string | undefined>();

  constructor(private readonly recorder: Recorder) {}

  /** Does what is dear before there are requests. */
  prepare(): void {
    this.inspector.listScripts();
  }

  ofFunction(code: object): Located {
    const known = this.functions.get(code);
    if (known) return known;
    const position = this.inspector.locate(code);
    const script = position && this.inspector.script(position.scriptId);
    // A script that is not listed yet may be, the next time.
    if (position && !script) return NOWHERE;
    const located: Located =
      position && script && script.url !== ""
        ? {
            id: this.record(script, nameOf(code), position.line + 1, position.column + 1, 1),
            own: isOwnScript(script.url),
          }
        : NOWHERE;
    this.functions.set(code, located);
    return located;
  }

  /** The function that a frame is in. */
  ofFrameFunction(frame: Frame, confidence: number): number {
    return this.record(this.scriptOf(frame), frame.function, frame.enclosingLine, frame.enclosingColumn, confidence);
  }

  /** The line that a frame is at. */
  ofFrame(frame: Frame, confidence: number): number {
    return this.record(this.scriptOf(frame), frame.function, frame.line, frame.column, confidence);
  }

  private scriptOf(frame: Frame): Script {
    return this.inspector.scriptOf(frame.script) ?? { url: frame.script, sourceMap: "" };
  }

  private record(
    script: Script,
    name: string | null,
    scriptLine: number,
    scriptColumn: number,
    confidence: number,
  ): number {
    const { file, line, column } = this.maps.original(script, scriptLine, scriptColumn);
    return this.recorder.source({
      ...(name ? { name } : {}),
      file: recordedFile(file),
      line,
      column,
      confidence,
      hash: this.hashOf(file),
    });
  }

  private hashOf(file: string): string | undefined {
    if (!this.hashes.has(file)) {
      let hash: string | undefined;
      try {
        hash = createHash("sha256").update(readFileSync(file)).digest("hex").slice(0, HASH_DIGITS);
      } catch {
        // A source that is not on this machine.
      }
      this.hashes.set(file, hash);
    }
    return this.hashes.get(file);
  }
}

function nameOf(code: object): string | null {
  const name: unknown = Object.getOwnPropertyDescriptor(code, "name")?.value;
  return typeof name === "string" && name !== "" ? name.replace(/^bound /, "") : null;
}
