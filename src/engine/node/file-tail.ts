/** Follows one file: reads what it grew by, in chunks, and hands the bytes to the decoder of its format. */
import { type FileHandle, open, stat } from "node:fs/promises";
import { basename } from "node:path";
import type { Decoder, Format, FormatContext, Reading } from "../../formats/format";
import { nativeFormat } from "../../formats/native-format";
import { detectFormat } from "../../formats/registry";
import type { LogFile } from "../log-file";
import { NativeScanner } from "../scan";
import { PADDING } from "../scan-batch";
import type { Store } from "../store";
import { hasScanThreads, scannedBatches } from "./scan-thread";

/** A chunk stays in the processor's cache between reading and scanning. */
const CHUNK_BYTES = 1 << 20;
/**
 * Of other formats than the native one so much is decoded before others get their turn: some milliseconds. So it is of a
 * file's beginning, while what reads it is still being compiled.
 */
const PIECE_BYTES = 1 << 16;
/** Records get longer or shorter along a file; room that is not used costs nothing until it is written to. */
const SLACK = 1.02;
/** A format is told by no more than this. */
const HEAD_BYTES = 64 * 1024;
/** Of fewer bytes a thread's start takes longer than it saves. */
const WORTH_A_THREAD = 16 << 20;
/** Bytes of columns that a record takes, about. */
const RECORD_BYTES = 100;

/** A file whose beginning is in the store. */
export interface IndexedFile {
  path: string;
  /** Bytes of whole lines. */
  position: number;
  lines: number;
}

export class FileTail {
  private file: LogFile;
  private decoder: Decoder | NativeScanner | null = null;
  private head: Uint8Array = new Uint8Array();
  private position = 0;
  private inode = 0;
  private reported = false;
  private gone = false;
  private full = false;
  /** No thread scans for it. */
  private alone = false;

  constructor(
    readonly path: string,
    private readonly store: Store,
    private readonly reading: Reading,
    resumed?: { file: LogFile; read: IndexedFile },
  ) {
    this.file = resumed?.file ?? store.addFile(path, basename(path));
    if (!resumed) return;
    this.position = resumed.read.position;
    this.decoder = new NativeScanner(this.file, store, resumed.read.lines + 1);
  }

  /** How far the file is in the store, in whole lines; null where that cannot be taken up again. */
  get indexed(): IndexedFile | null {
    const progress = this.decoder instanceof NativeScanner ? this.decoder.progress : null;
    return progress && { path: this.path, position: this.position - progress.held, lines: progress.lines };
  }

  /** Bytes that were read so far. */
  get done(): number {
    return this.position;
  }

  /** The file's size now; 0 where it cannot be told. */
  async size(): Promise<number> {
    const found = await stat(this.path).catch(() => null);
    return found?.size ?? 0;
  }

  /**
   * Reads to the file's present end, or to the end of a chunk after which `goesOn` is false. True where there was
   * something new.
   */
  async read(goesOn: () => Promise<boolean> | boolean): Promise<boolean> {
    let handle: FileHandle | undefined;
    try {
      const { size, ino } = await stat(this.path);
      this.gone = false;
      if (size < this.position || (this.inode !== 0 && ino !== this.inode)) this.restart();
      this.inode = ino;
      // Most looks find nothing new: they cost one call.
      if (size === this.position || this.full) return false;
      handle = await open(this.path, "r");
      return await this.readFrom(handle, size, goesOn);
    } catch (error) {
      if (!this.gone) this.file.problem(1, `cannot be read: ${(error as Error).message}`);
      this.gone = true;
      return false;
    } finally {
      await handle?.close();
    }
  }

  /** No more will come: what is left over is a last line, and a file that is still unknown stays so. */
  end(): void {
    // Where it was not read to its end, the last line that was read is only cut here.
    if (this.full) return;
    if (this.decoder === null && this.head.length > 0) this.detect(true);
    this.decoder?.end();
  }

  private async readFrom(handle: FileHandle, size: number, goesOn: () => Promise<boolean> | boolean): Promise<boolean> {
    // While one chunk is scanned the next one is read.
    const chunks = [new Uint8Array(CHUNK_BYTES + PADDING), new Uint8Array(CHUNK_BYTES + PADDING)] as const;
    const ask = (turn: number, position: number, bytes = CHUNK_BYTES) => {
      const reading = handle.read(chunks[turn % 2]!, 0, bytes, position);
      // It is heard of when it is waited for.
      reading.catch(() => undefined);
      return reading;
    };
    const expect = this.expecting(size);
    let full = this.fullOf();
    let grew = false;
    // A thread is begun as soon as the format is known: what this one reads alone is read by code that is not compiled yet.
    let asked = ask(0, this.position, this.isWorthAThread(size) ? PIECE_BYTES : CHUNK_BYTES);
    for (let turn = 0; ; turn++) {
      const { bytesRead } = await asked;
      if (bytesRead === 0) return grew;
      if (full !== null) {
        this.stop(full);
        return grew;
      }
      grew = true;
      this.position += bytesRead;
      asked = ask(turn + 1, this.position);
      for (let at = 0, end = 0; at < bytesRead; at = end) {
        if (at > 0 && !(await goesOn())) {
          await asked;
          return grew;
        }
        end = turn > 0 && this.decoder instanceof NativeScanner ? bytesRead : Math.min(bytesRead, at + PIECE_BYTES);
        this.push(chunks[turn % 2]!.subarray(at, end));
      }
      expect();
      full = this.fullOf();
      if (!(await goesOn())) {
        await asked;
        return grew;
      }
      if (this.decoder instanceof NativeScanner && this.isWorthAThread(size)) {
        await asked;
        if (!(await this.readScanned(this.decoder, expect, goesOn))) return grew;
        asked = ask(turn + 1, this.position);
        full = this.fullOf();
      }
    }
  }

  private isWorthAThread(size: number): boolean {
    return size - this.position >= WORTH_A_THREAD && hasScanThreads() && !this.alone;
  }

  /** What there is is read and scanned by a thread of its own, and kept here; false where that is to end before. */
  private async readScanned(
    decoder: NativeScanner,
    expect: () => void,
    goesOn: () => Promise<boolean> | boolean,
  ): Promise<boolean> {
    const { path, position } = this;
    let full = this.fullOf();
    let asked = this.position;
    try {
      for await (const { batch, scanned } of scannedBatches({ path, position, isPart: decoder.hasPart })) {
        // The caller says so, with the next bytes that it reads.
        if (full !== null) break;
        this.position += scanned.consumed;
        decoder.take(batch, scanned);
        expect();
        // To ask costs as much as to keep some lines.
        if (this.position - asked >= CHUNK_BYTES) {
          asked = this.position;
          full = this.fullOf();
        }
        if (!(await goesOn())) return false;
      }
    } catch {
      // No such thread, or it could not read on: this one can, or says why not.
      this.alone = true;
    }
    return true;
  }

  /** Why no more may be read; null where there is room, or room was made. */
  private fullOf(): string | null {
    return this.store.memory?.full(this.store) ?? null;
  }

  /** Room is taken, once a chunk is read from now on, for as many records as come with what is left in the same proportion. */
  private expecting(size: number): () => void {
    const { client, server } = this.store;
    const before = { client: client.length, server: server.length };
    const from = this.position;
    let isTold = false;
    return () => {
      const read = this.position - from;
      if (isTold || read < CHUNK_BYTES) return;
      isTold = true;
      for (const side of ["client", "server"] as const) {
        const records = this.store[side].length - before[side];
        const more = Math.ceil((records * (size - this.position) * SLACK) / read);
        const hasRoom = this.store.memory?.hasRoomFor(this.store, more * RECORD_BYTES) ?? true;
        if (records > 0 && hasRoom) this.store.expect(side, this.file, records, more);
      }
    };
  }

  /** What was read until here stays, and can be used. */
  private stop(reason: string): void {
    if (!this.full) this.file.problem(1, `not read beyond ${this.position} bytes: ${reason}`);
    this.full = true;
  }

  private push(bytes: Uint8Array): void {
    if (this.decoder) {
      this.decoder.push(bytes);
      return;
    }
    const head = new Uint8Array(this.head.length + bytes.length);
    head.set(this.head);
    head.set(bytes, this.head.length);
    this.head = head;
    if (!this.reported || head.length <= HEAD_BYTES) this.detect(false);
  }

  private detect(ended: boolean): void {
    const text = new TextDecoder().decode(this.head.subarray(0, HEAD_BYTES));
    const format = detectFormat(text, this.reading);
    if (format) {
      this.start(format);
      return;
    }
    const enough = ended || this.head.length >= HEAD_BYTES || text.includes("\n");
    if (enough && !this.reported) {
      this.reported = true;
      this.file.problem(1, "not a log of a known format");
    }
    if (this.head.length > HEAD_BYTES) this.head = this.head.slice(0, HEAD_BYTES + 1);
  }

  private start(format: Format): void {
    const context: FormatContext = { file: this.file.name, ...this.reading };
    if (format.isLocal && this.reading.zone !== undefined) this.store.zone = this.reading.zone;
    // The native log has a faster reader here than the general one that the format offers.
    this.decoder = format === nativeFormat ? new NativeScanner(this.file, this.store) : format.open(this.file, context);
    this.decoder.push(this.head);
    this.head = new Uint8Array();
  }

  /** The file became shorter, or is another one: what was read stays, what is there now is read from its beginning. */
  private restart(): void {
    this.file.problem(1, "the file was cut or replaced while it was followed; it is read again");
    this.file = this.store.addFile(this.path, basename(this.path));
    this.decoder = null;
    this.head = new Uint8Array();
    this.position = 0;
    this.reported = false;
  }
}
