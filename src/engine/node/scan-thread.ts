/**
 * A thread beside the engine's that reads a file and scans it, a few batches ahead. It begins where the engine's own reading
 * came to and goes to the file's present end; then it is there for the next file, whose scanning is compiled already.
 */
import { closeSync, openSync, readSync } from "node:fs";
import { type MessagePort, Worker } from "node:worker_threads";
import { BATCH_BYTES, BATCH_MEMORY, BatchScanner, ScanBatch, type Scanned } from "../scan-batch";

/** Several wait to be kept or filled, so that neither thread waits for a moment's sake. */
const BATCHES = 16;
/** So many are handed over at once, either way: to wake a thread costs as much as to scan some lines. */
const AT_ONCE = 4;

/** A thread that makes no objects needs little room for new ones. */
const YOUNG_MB = 2;

/** What a thread is given to do. */
interface ScanTask {
  path: string;
  position: number;
  /** Whether the position is within a line. */
  isPart: boolean;
  memory: SharedArrayBuffer[];
}

/** A task, or the numbers of batches that are free again. */
type ToThread = ScanTask | number[];

interface Filled {
  number: number;
  scanned: Scanned;
}

/** `ends`: the file has no more. */
type FromThread = { filled: Filled[]; ends: boolean } | { failed: string };

/** Tells a thread that it is to scan. */
const ROLE = "request-timeline scan";
export const isScanRole = (data: unknown): boolean => data === ROLE;

let script: string | null = null;
let idle: Worker | null = null;

/** `file` runs `scanFiles` where it is started in that role; without one (null) nothing is scanned apart. */
export function useScanThreads(file: string | null): void {
  script = file;
}

export const hasScanThreads = (): boolean => script !== null;

/** No more files for now. */
export async function endScanThreads(): Promise<void> {
  const worker = idle;
  idle = null;
  await worker?.terminate();
}

/** The batches of a file from a position on, in order; each is free again when the next one is asked for. */
export async function* scannedBatches(
  task: Omit<ScanTask, "memory">,
): AsyncGenerator<{ batch: ScanBatch; scanned: Scanned }, void> {
  const memory = Array.from({ length: BATCHES }, () => new SharedArrayBuffer(BATCH_MEMORY));
  const batches = memory.map((one) => new ScanBatch(one));
  const worker =
    idle ?? new Worker(script!, { workerData: ROLE, resourceLimits: { maxYoungGenerationSizeMb: YOUNG_MB } });
  idle = null;
  const arrived: FromThread[] = [];
  let wake: () => void = () => undefined;
  const receive = (message: FromThread): void => {
    arrived.push(message);
    wake();
  };
  const fail = (error: Error): void => receive({ failed: error.message });
  worker.on("message", receive).on("error", fail);
  const say = (message: ToThread): void => worker.postMessage(message);
  say({ ...task, memory });
  const free: number[] = [];
  try {
    for (let ends = false; !ends; ) {
      const message = arrived.shift();
      if (message === undefined) {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
        continue;
      }
      if ("failed" in message) throw new Error(message.failed);
      for (const { number, scanned } of message.filled) {
        yield { batch: batches[number]!, scanned };
        if (free.push(number) >= AT_ONCE) say(free.splice(0));
      }
      ends = message.ends;
    }
    worker.off("message", receive).off("error", fail);
    await endScanThreads();
    idle = worker;
  } finally {
    if (idle !== worker) await worker.terminate();
  }
}

/** In the thread: scans file after file, batch after batch as they become free. */
export function scanFiles(port: MessagePort): void {
  let fill: (numbers: number[]) => void = () => undefined;
  port.on("message", (message: ToThread) => {
    if (Array.isArray(message)) fill(message);
    else fill = scanFile(message, (said) => port.postMessage(said));
  });
}

/** Begins a file; what is returned goes on with batches that are free. */
function scanFile({ path, position, isPart, memory }: ScanTask, say: (message: FromThread) => void) {
  const scanner = new BatchScanner(isPart);
  const batches = memory.map((one) => new ScanBatch(one));
  const file = openSync(path, "r");
  let at = position;
  let ends = false;
  const fill = (numbers: number[]): void => {
    if (ends) return;
    const filled: Filled[] = [];
    for (const number of numbers) {
      const batch = batches[number]!;
      const length = readSync(file, batch.bytes, 0, BATCH_BYTES, at);
      ends = length === 0;
      if (ends) break;
      const scanned = scanner.scan(batch, length, length < BATCH_BYTES);
      at += scanned.consumed;
      filled.push({ number, scanned });
    }
    if (ends) closeSync(file);
    say({ filled, ends });
  };
  const numbers = [...batches.keys()];
  while (numbers.length > 0) fill(numbers.splice(0, AT_ONCE));
  return fill;
}
