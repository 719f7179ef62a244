/** Reads the files of one session, once or as they grow. */
import { type FSWatcher, watch } from "node:fs";
import { stat } from "node:fs/promises";
import { hostname } from "node:os";
import { dirname, join, resolve } from "node:path";
import type { Reading } from "../../formats/format";
import type { Manifest } from "../../model/manifest";
import { MOST_MEMORY } from "../../protocol/messages";
import { readManifest } from "../../session/manifest";
import type { LogPart } from "../log-part";
import { MemoryBound } from "../memory-bound";
import type { Session } from "../session";
import { filesOf, isFolder, siblings } from "./discover";
import { FileTail, type IndexedFile } from "./file-tail";
import { readIndex, writeIndex } from "./index-file";
import { INDEX_SUFFIX } from "./index-suffix";
import { endScanThreads } from "./scan-thread";
import { ScratchFile } from "./scratch-file";

/** fs.watch misses changes on some file systems (network, FUSE); the poll does not. */
const POLL_MS = 250;
/** Bytes of logs below which scanning is as fast as reading an index. */
const WORTH_AN_INDEX = 8 << 20;
/** Joining the marks of historical logs rests so many times as long as it took. */
const JOIN_PAUSE = 9;

export interface ReaderEvents {
  /** Bytes read and bytes there are. Called after every chunk; what it awaits lets queries in between. */
  progress(done: number, total: number): Promise<void> | void;
  changed(): void;
}

export class SessionReader {
  private readonly tails = new Map<string, FileTail>();
  private readonly folders: string[] = [];
  private readonly logs: string[] = [];
  private readonly watchers: FSWatcher[] = [];
  private timer: NodeJS.Timeout | null = null;
  private running: Promise<boolean> | null = null;
  private again = false;
  private closed = false;
  private following = false;
  /** When the marks of historical logs may be joined again, ms. */
  private joinAgain = 0;
  private readonly memory: MemoryBound;
  /** What the index held that this session was opened with. */
  private restored = "";

  constructor(
    readonly session: Session,
    private readonly reading: Reading,
    private readonly events: ReaderEvents,
    /** MiB of columns and strings that may be held. */
    memory = MOST_MEMORY,
  ) {
    this.memory = new MemoryBound(memory * 2 ** 20, new ScratchFile());
    session.store.memory = this.memory;
  }

  /** Reads everything that is there. Rejects where a path does not exist. */
  async load(paths: readonly string[]): Promise<void> {
    for (const path of paths.map((path) => resolve(path))) {
      if (await isFolder(path)) this.folders.push(path);
      else this.logs.push(path);
    }
    await this.restore();
    do {
      this.again = false;
      await this.step();
    } while (this.again && !this.closed);
    await endScanThreads();
  }

  /** Writes the index with which this session opens again without a scan, where it is worth one. */
  async saveIndex(): Promise<void> {
    const { store } = this.session;
    const files = [...this.tails.values()].map((tail) => tail.indexed);
    const state = JSON.stringify(files);
    if (this.indexFile === null || store.recording || state === this.restored || files.includes(null)) return;
    if (this.done() < WORTH_AN_INDEX || this.memory.isInUse) return;
    const unchanged = () =>
      !this.closed && state === JSON.stringify([...this.tails.values()].map((tail) => tail.indexed));
    await writeIndex(this.indexFile, store, files as IndexedFile[], unchanged);
  }

  /** One folder or one log has one place for an index; a mix of paths has none. */
  private get indexFile(): string | null {
    if (this.folders.length + this.logs.length !== 1) return null;
    const [folder] = this.folders;
    return folder === undefined ? this.logs[0]! + INDEX_SUFFIX : join(folder, `session${INDEX_SUFFIX}`);
  }

  private async restore(): Promise<void> {
    if (this.indexFile === null) return;
    const { store } = this.session;
    // One that does not fit is no help: its columns would all be in memory at once.
    const { size } = await stat(this.indexFile).catch(() => ({ size: 0 }));
    if (!this.memory.hasRoomFor(store, size)) return;
    const files = await readIndex(this.indexFile, store);
    if (!files) return;
    this.restored = JSON.stringify(files);
    files.forEach((read, index) => {
      this.tails.set(read.path, new FileTail(read.path, store, this.reading, { file: store.files[index]!, read }));
    });
  }

  /** Nothing more will come: last lines are taken as they are. */
  finish(): void {
    for (const tail of this.tails.values()) tail.end();
    this.session.store.pairing.settle();
    this.session.store.accesses.join();
    this.session.store.stamps.join();
  }

  follow(): void {
    this.following = true;
    this.joinByOrder();
    for (const folder of new Set([...this.folders, ...this.logs.map((log) => dirname(log))]))
      try {
        const watcher = watch(folder, { persistent: false }, () => void this.poll());
        // Windows tells so of a folder that was deleted.
        this.watchers.push(watcher.on("error", () => undefined));
      } catch {
        // The poll below sees it too, only later.
      }
    this.timer = setInterval(() => void this.poll(), POLL_MS).unref();
  }

  /** Also while it reads: what has not been read yet is left. */
  get isClosed(): boolean {
    return this.closed;
  }

  async close(): Promise<void> {
    this.closed = true;
    if (this.timer) clearInterval(this.timer);
    for (const watcher of this.watchers) watcher.close();
    await this.running;
    this.memory.close();
  }

  /** One look at everything; a call while one is running makes it look once more. */
  async poll(): Promise<void> {
    if (this.running) {
      this.again = true;
      return;
    }
    do {
      this.again = false;
      this.running = this.step();
      const changed = await this.running;
      this.running = null;
      if (changed && !this.closed) this.events.changed();
    } while (this.again && !this.closed);
  }

  private async step(): Promise<boolean> {
    await this.discover();
    let total = 0;
    for (const tail of this.tails.values()) total += Math.max(await tail.size(), tail.done);
    let changed = false;
    for (const tail of this.tails.values()) {
      if (this.closed) break;
      if (await tail.read(() => this.goesOn(total))) changed = true;
    }
    for (const log of this.logs)
      for (const other of await siblings(log, this.recordings())) if (this.add(other)) changed = true;
    if (changed) this.session.store.pairing.settle();
    const recording = await this.isRecording();
    if (recording !== this.session.store.recording) {
      this.session.store.recording = recording;
      changed = true;
    }
    return this.joinByOrder() || changed;
  }

  /**
   * True where marks of historical logs, or lines of access logs, were joined; they wait while that would take more than
   * its share of the time.
   */
  private joinByOrder(): boolean {
    const { stamps, accesses } = this.session.store;
    const from = performance.now();
    if (!this.following || !(stamps.waiting || accesses.waiting) || from < this.joinAgain) return false;
    accesses.join();
    stamps.join();
    const now = performance.now();
    this.joinAgain = now + JOIN_PAUSE * (now - from);
    return true;
  }

  private async discover(): Promise<void> {
    for (const log of this.logs) this.add(log);
    for (const folder of this.folders) for (const file of await filesOf(folder)) this.add(file);
  }

  /** True where the file is new; it is read with the next look. */
  private add(path: string): boolean {
    if (this.tails.has(path)) return false;
    this.tails.set(path, new FileTail(path, this.session.store, this.reading));
    this.again = true;
    return true;
  }

  private async goesOn(total: number): Promise<boolean> {
    await this.events.progress(this.done(), total);
    return !this.closed;
  }

  private done(): number {
    let done = 0;
    for (const tail of this.tails.values()) done += tail.done;
    return done;
  }

  private recordings(): Set<string> {
    const recordings = this.session.store.parts.map((part) => part.header?.recording);
    return new Set(recordings.filter((recording) => recording !== undefined));
  }

  /** Whether a writer that has not ended is alive, or a recording has begun and written nothing yet. */
  private async isRecording(): Promise<boolean> {
    const { parts } = this.session.store;
    if (parts.some(isWriting)) return true;
    if (parts.length > 0) return false;
    for (const folder of this.folders) {
      const manifest: Manifest | null = await readManifest(folder).catch(() => null);
      if (manifest && manifest.ended === undefined) return true;
    }
    return false;
  }
}

function isWriting({ header, writer }: LogPart): boolean {
  if (header === null || writer.ended || header.host !== hostname()) return false;
  try {
    process.kill(header.pid, 0);
    return true;
  } catch (error) {
    // A process of another user is alive all the same.
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}
