/**
 * The index beside a log or in a session's folder: a store as it was when the files were read to a certain length. It is
 * taken for true where the files still begin with the same bytes (their length, their ends and samples of what lies
 * between), its own checksum holds, and this version writes the same columns; else it is passed by.
 */
import { createHash } from "node:crypto";
import { open, readFile, rename, rm } from "node:fs/promises";
import { setImmediate as pause } from "node:timers/promises";
import { CLIENT_LAYOUT, SERVER_LAYOUT } from "../fields";
import { type ArrayList, aligned, arraysIn, listOf, type PackedArray, Packer, Unpacker } from "../packing";
import { inSteps, run, type Steps } from "../steps";
import type { Store } from "../store";
import { type PackedStore, packStore, unpackStore } from "../store-packing";
import type { IndexedFile } from "./file-tail";
import { INDEX_SUFFIX } from "./index-suffix";

const MAGIC = "RTINDEX4";
const PREFIX_BYTES = 24;
/** What is hashed of a file: its two ends, and blocks in between. */
const END_BYTES = 64 * 1024;
const BLOCK_BYTES = 4096;
const BLOCKS = 64;
/** Summed in a step: a millisecond, or less. */
const WORDS_A_STEP = 1 << 18;
/** An index that another version wrote has other columns. */
const LAYOUT = JSON.stringify([CLIENT_LAYOUT.at, CLIENT_LAYOUT.values, SERVER_LAYOUT.at, SERVER_LAYOUT.values]);

interface Meta {
  layout: string;
  files: (IndexedFile & { hash: string })[];
  arrays: ArrayList;
  store: PackedStore;
}

/** Nothing is written where `unchanged` no longer holds at the end: the store went on meanwhile. */
export async function writeIndex(
  path: string,
  store: Store,
  files: readonly IndexedFile[],
  unchanged: () => boolean,
): Promise<void> {
  const hashed = await Promise.all(
    files.map(async (file) => ({ ...file, hash: await hashOf(file.path, file.position) })),
  );
  if (!unchanged()) return;
  const packer = new Packer();
  const packed = packStore(store, packer);
  const arrays = listOf(packer.arrays);
  const meta = Buffer.from(JSON.stringify({ layout: LAYOUT, files: hashed, arrays, store: packed } satisfies Meta));
  const head = Buffer.alloc(aligned(PREFIX_BYTES + meta.length));
  head.write(MAGIC, "latin1");
  head.writeUInt32LE(meta.length, 8);
  head.writeInt32LE(await run(checksum([meta, ...packer.arrays]), pause), 12);
  head.set(meta, PREFIX_BYTES);
  // Should this process end meanwhile, the next one writes over it; and its name is one that no session reads.
  const temporary = `${path.slice(0, -INDEX_SUFFIX.length)}.new${INDEX_SUFFIX}`;
  const file = await open(temporary, "w", 0o600);
  try {
    let position = 0;
    for (const array of [head, ...packer.arrays]) {
      await file.write(new Uint8Array(array.buffer, array.byteOffset, array.byteLength), 0, array.byteLength, position);
      position = aligned(position + array.byteLength);
    }
    await file.truncate(position);
    await file.close();
    if (unchanged()) await rename(temporary, path);
  } finally {
    await file.close().catch(() => undefined);
    await rm(temporary, { force: true });
  }
}

/** Fills the store, and tells how far each file is in it; null, and the store as it was, where the index is no good. */
export async function readIndex(path: string, store: Store): Promise<IndexedFile[] | null> {
  const bytes = await readFile(path).catch(() => null);
  const read = bytes && (await parse(bytes));
  if (!read) return null;
  for (const { path: log, position, hash } of read.meta.files)
    if ((await hashOf(log, position).catch(() => null)) !== hash) return null;
  unpackStore(store, read.meta.store, new Unpacker(read.arrays));
  return read.meta.files.map(({ path: log, position, lines }) => ({ path: log, position, lines }));
}

async function parse(bytes: Buffer<ArrayBuffer>): Promise<{ meta: Meta; arrays: PackedArray[] } | null> {
  if (bytes.length < PREFIX_BYTES || bytes.toString("latin1", 0, 8) !== MAGIC) return null;
  const length = bytes.readUInt32LE(8);
  const json = bytes.subarray(PREFIX_BYTES, PREFIX_BYTES + length);
  if (json.length !== length) return null;
  let meta: Meta;
  try {
    meta = JSON.parse(json.toString("utf8"));
  } catch {
    return null;
  }
  if (meta.layout !== LAYOUT) return null;
  const arrays = arraysIn(bytes, aligned(PREFIX_BYTES + length), meta.arrays);
  if (!arrays) return null;
  return (await run(checksum([json, ...arrays]), pause)) === bytes.readInt32LE(12) ? { meta, arrays } : null;
}

/** Finds what a disk or another program spoiled; it is no proof against malice, and need not be. */
function* checksum(arrays: readonly (PackedArray | Buffer)[]): Steps<number> {
  let sum = 0x9e3779b1;
  for (const array of arrays) {
    const bytes = new Uint8Array(array.buffer, array.byteOffset, array.byteLength);
    const isAligned = bytes.byteOffset % 4 === 0;
    const words = isAligned ? new Int32Array(bytes.buffer, bytes.byteOffset, bytes.length >> 2) : new Int32Array();
    yield* inSteps(words.length, WORDS_A_STEP, (from, to) => {
      for (let at = from; at < to; at++) sum = Math.imul(sum ^ words[at]!, 0x01000193) ^ (sum >>> 15);
    });
    for (let at = words.length * 4; at < bytes.length; at++)
      sum = Math.imul(sum ^ bytes[at]!, 0x01000193) ^ (sum >>> 15);
  }
  return sum | 0;
}

/** Of the first `length` bytes of a file; rejects where it has fewer. */
async function hashOf(path: string, length: number): Promise<string> {
  const hash = createHash("sha256").update(`${length}`);
  const file = await open(path, "r");
  try {
    if ((await file.stat()).size < length) throw new RangeError("the file is shorter than it was");
    const part = async (from: number, bytes: number): Promise<void> => {
      const { buffer, bytesRead } = await file.read(Buffer.alloc(bytes), 0, bytes, from);
      hash.update(buffer.subarray(0, bytesRead));
    };
    await part(0, Math.min(END_BYTES, length));
    await part(Math.max(0, length - END_BYTES), Math.min(END_BYTES, length));
    for (let block = 1; block < BLOCKS && length > 2 * END_BYTES; block++) {
      const from = Math.floor((length * block) / BLOCKS);
      await part(from, Math.min(BLOCK_BYTES, length - from));
    }
  } finally {
    await file.close();
  }
  return hash.digest("hex");
}
