/**
 * Records of a foreign file, as if native writers had written them: a header of its own for each clock and side that
 * the file speaks of, and numbered records. The headers are made up, and say so: `runtime` names the format.
 */
import { type ClientRecord, type HeaderRecord, LOG_SCHEMA, type Role, type ServerRecord } from "../model/record";
import type { FormatContext, RecordSink } from "./format";

/** Without what the writer adds itself. */
export type ForeignServer = Omit<ServerRecord, "type" | "seq" | "req">;
export type ForeignClient = Omit<ClientRecord, "type" | "seq" | "req">;

export interface ForeignSource {
  name?: string;
  file: string;
  line?: number;
  column?: number;
  /** Default 1. */
  confidence?: number;
}

export interface ForeignHeader {
  role: Role;
  /** Step of the clock, µs. */
  grain: number;
  /** The machine, as far as the file tells: parts of one host are not thereby on one clock. */
  host?: string;
  boot?: string;
  anchor?: HeaderRecord["anchor"];
}

class Part {
  sequence = 0;
  requests = 0;
  readonly sources = new Map<string, number>();

  constructor(readonly header: HeaderRecord) {}
}

export class ForeignWriter {
  private readonly parts = new Map<string, Part>();
  private current: Part | null = null;

  constructor(
    private readonly sink: RecordSink,
    private readonly context: FormatContext,
    private readonly format: string,
  ) {}

  /**
   * Makes the records that follow those of this clock and side. `key` tells it from the file's others; `seed` is
   * the text of its first record, so that two files of one name are not taken for copies of one log.
   */
  use(key: string, seed: string, header: ForeignHeader, line: number): void {
    let part = this.parts.get(key);
    if (!part) {
      part = new Part(this.headerOf(key, seed, header));
      this.parts.set(key, part);
    }
    if (part === this.current) return;
    this.current = part;
    this.sink.record(part.header, line);
  }

  server(record: ForeignServer, line: number): void {
    const part = this.current!;
    this.sink.record({ type: "server", seq: ++part.sequence, req: ++part.requests, ...record }, line);
  }

  /** Returns the request's number, by which others can name it as their page. */
  client(record: ForeignClient, line: number): number {
    const part = this.current!;
    this.sink.record({ type: "client", seq: ++part.sequence, req: ++part.requests, ...record }, line);
    return part.requests;
  }

  event(event: { time: number; name: string; page?: number }, line: number): void {
    this.sink.record({ type: "event", seq: ++this.current!.sequence, ...event }, line);
  }

  /** The id of a source, written before its first use. */
  source({ confidence = 1, ...source }: ForeignSource, line: number): number {
    const part = this.current!;
    const key = JSON.stringify([source.name, source.file, source.line, source.column]);
    const known = part.sources.get(key);
    if (known !== undefined) return known;
    const id = part.sources.size + 1;
    part.sources.set(key, id);
    this.sink.record({ type: "source", seq: ++part.sequence, id, ...source, confidence }, line);
    return id;
  }

  private headerOf(key: string, seed: string, { role, grain, host, boot, anchor }: ForeignHeader): HeaderRecord {
    const text = `${this.context.file}\n${key}\n${seed}`;
    return {
      type: "header",
      schema: LOG_SCHEMA,
      log: hash(text, 0x811c9dc5) + hash(text, 0x2f0b4a91),
      writer: hash(key, 0x811c9dc5).slice(0, 6),
      role,
      pid: 0,
      thread: 0,
      host: host ?? "unknown",
      ...(boot === undefined ? {} : { boot }),
      anchor: anchor ?? { wall: 0, mono: "0" },
      grain,
      runtime: `imported from ${this.format}`,
      cwd: "",
    };
  }
}

/** FNV-1a over UTF-16 units, 8 hex digits. */
function hash(text: string, basis: number): string {
  let value = basis;
  for (let at = 0; at < text.length; at++) value = Math.imul(value ^ text.charCodeAt(at), 0x01000193);
  return (value >>> 0).toString(16).padStart(8, "0");
}
