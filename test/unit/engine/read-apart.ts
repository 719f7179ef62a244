/** A log as two threads read it, in one. */
import { NativeScanner } from "../../../src/engine/scan";
import { BATCH_MEMORY, BatchScanner, ScanBatch } from "../../../src/engine/scan-batch";
import type { Store } from "../../../src/engine/store";

const batch = new ScanBatch(new SharedArrayBuffer(BATCH_MEMORY));

/** The first piece is read by the store's own scanner, the others are scanned for it, at most `most` records in each. */
export function readApart(store: Store, name: string, bytes: Uint8Array, chunk: number, most: number): void {
  const decoder = new NativeScanner(store.addFile(`/${name}`, name), store);
  decoder.push(bytes.subarray(0, chunk));
  const scanner = new BatchScanner(decoder.hasPart);
  for (let at = chunk; at < bytes.length; ) {
    const piece = bytes.subarray(at, at + chunk);
    batch.bytes.set(piece);
    const scanned = scanner.scan(batch, piece.length, at + chunk >= bytes.length, most);
    decoder.take(batch, scanned);
    at += scanned.consumed;
  }
  decoder.end();
}
