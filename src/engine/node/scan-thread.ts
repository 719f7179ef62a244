/**
 * A thread beside the engine's that reads a file and scans it, a few batches ahead. It begins where the engine's own reading
 * came to and goes to the file's present end; then it is there for the next file, whose scanning is compiled already.
 */
import { closeSync, openSync, readSync } from "node:fs";
import { type MessagePort, Worker } from "node:worker_threads";
import { BATCH_BYTES, BATCH_MEMORY, BatchScanner, ScanBatch, type Scanned } from "../scan-batch";

/** One is scanned and one is kept; a third waits, so that neither thread waits for a moment's sake. */
const BATCHES = 3;

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

/** A task, or the number of a batch that is free again. */
type ToThread = ScanTask | number;

type FromThread =
  | { kind: "batch"; number: number; scanned: Scanned }
  | { kind: "end" }
  | { kind: "failed"; reason: string };

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
  const fail = (error: Error): void => receive({ kind: "failed", reason: error.message });
  worker.on("message", receive).on("error", fail);
  const say = (message: ToThread): void => worker.postMessage(message);
  say({ ...task, memory });
  try {
    for (;;) {
      const message = arrived.shift();
      if (message === undefined)
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      else if (message.kind === "batch") {
        yield { batch: batches[message.number]!, scanned: message.scanned };
        say(message.number);
      } else if (message.kind === "failed") throw new Error(message.reason);
      else {
        worker.off("message", receive).off("error", fail);
        await endScanThreads();
        idle = worker;
        return;
      }
    }
  } finally {
    if (idle !== worker) await worker.terminate();
  }
}

/** In the thread: scans file after file, batch after batch as they become free. */
export function scanFiles(port: MessagePort): void {
  let fill: (number: number) => void = () => undefined;
  port.on("message", (message: ToThread) => {
    if (typeof message === "number") fill(message);
    else fill = scanFile(message, (said) => port.postMessage(said));
  });
}

/** Begins a file; what is returned goes on with a batch that is free. */
function scanFile({ path, position, isPart, memory }: ScanTask, say: (message: FromThread) => void) {
  const scanner = new BatchScanner(isPart);
  const batches = memory.map((one) => new ScanBatch(one));
  let file: number | null = openSync(path, "r");
  let at = position;
  const fill = (number: number): void => {
    if (file === null) return;
    const batch = batches[number]!;
    const length = readSync(file, batch.bytes, 0, BATCH_BYTES, at);
    if (length === 0) {
      closeSync(file);
      file = null;
      say({ kind: "end" });
      return;
    }
    const scanned = scanner.scan(batch, length, length < BATCH_BYTES);
    at += scanned.consumed;
    say({ kind: "batch", number, scanned });
  };
  for (let number = 0; number < BATCHES; number++) fill(number);
  return fill;
}
