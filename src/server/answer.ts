/** What a request is answered with, before a byte of it is sent. */
import type { FileHandle } from "node:fs/promises";
import type { Readable } from "node:stream";

/** The file or script that answered. */
export interface Source {
  name: string;
  file: string;
  line?: number;
  column?: number;
}

export interface FilePart {
  handle: FileHandle;
  /** First byte and the byte after the last. */
  start: number;
  end: number;
}

export interface Answer {
  status: number;
  headers: Record<string, string | string[]>;
  body: Buffer | FilePart | Readable | null;
  source: Source;
}

/** A request that is turned down, wherever that is found out. Its message is for the peer: nothing of ours in it. */
export class Refusal extends Error {
  constructor(
    readonly status: number,
    message: string,
    readonly headers: Record<string, string> = {},
    readonly source?: Source,
  ) {
    super(message);
  }
}
