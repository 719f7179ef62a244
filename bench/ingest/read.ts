/** One way of reading a log, in a process of its own: `node read.js MODE FILE PEERS` prints what it took. */
import { createReadStream, openSync, readSync } from "node:fs";
import { createRequire } from "node:module";
import { createInterface } from "node:readline";
import { isMainThread, parentPort } from "node:worker_threads";
import { FileTail } from "../../src/engine/node/file-tail";
import { scanFiles, useScanThreads } from "../../src/engine/node/scan-thread";
import { Store } from "../../src/engine/store";
import type { Decoder } from "../../src/formats/format";
import { decodeNative } from "../../src/formats/native";
import { nativeFormat } from "../../src/formats/native-format";

const CHUNK_BYTES = 4 << 20;
const [mode, path, peers] = process.argv.slice(2) as [string, string, string];

/** As a session reads it: with a thread that scans, or (`alone`) without. */
async function scan(alone: boolean): Promise<Store> {
  useScanThreads(alone ? null : __filename);
  const store = new Store();
  const tail = new FileTail(path, store, {});
  await tail.read(() => true);
  tail.end();
  return store;
}

/** The file in chunks through a decoder into a store. */
function decode(open: (store: Store) => Decoder): Store {
  const store = new Store();
  const decoder = open(store);
  const file = openSync(path, "r");
  const chunk = new Uint8Array(CHUNK_BYTES);
  for (
    let read = readSync(file, chunk, 0, CHUNK_BYTES, null);
    read > 0;
    read = readSync(file, chunk, 0, CHUNK_BYTES, null)
  )
    decoder.push(chunk.subarray(0, read));
  decoder.end();
  return store;
}

async function readlines(): Promise<Store> {
  const store = new Store();
  const file = store.addFile(path, "log");
  let line = 0;
  for await (const text of createInterface({ input: createReadStream(path) })) {
    const record = decodeNative(text);
    if (!("problem" in record)) file.record(record, ++line);
  }
  return store;
}

/** The same columns in a table of DuckDB, types given, on two threads. */
async function duckdb(): Promise<number> {
  const { DuckDBInstance }: typeof import("@duckdb/node-api") = createRequire(peers)("@duckdb/node-api");
  const database = await DuckDBInstance.create(":memory:", { threads: "2" });
  const connection = await database.connect();
  const numbers = "seq req ord status bytes parseStart parseEnd processEnd sendEnd".split(" ");
  const texts = "type id conn method target".split(" ");
  const columns = [...numbers.map((name) => `${name}: 'BIGINT'`), ...texts.map((name) => `${name}: 'VARCHAR'`)].join(
    ", ",
  );
  const source = `read_json('${path}', format = 'newline_delimited', columns = {${columns}})`;
  await connection.run(`CREATE TABLE log AS SELECT * FROM ${source}`);
  const result = await connection.runAndReadAll("SELECT count(*) FROM log WHERE type = 'server'");
  return Number(result.getRows()[0]![0]);
}

async function read(): Promise<{ rows: number; columns: number | null }> {
  if (mode === "duckdb") return { rows: await duckdb(), columns: null };
  const store =
    mode === "scanner" || mode === "alone"
      ? await scan(mode === "alone")
      : mode === "json"
        ? decode((made) => nativeFormat.open(made.addFile(path, "log"), { file: "log" }))
        : await readlines();
  return { rows: store.rows.requests, columns: store.bytes };
}

if (isMainThread) measure();
else scanFiles(parentPort!);

function measure(): void {
  const began = performance.now();
  read().then(({ rows, columns }) => {
    const { user, system } = process.cpuUsage();
    const milliseconds = performance.now() - began;
    const cpu = (user + system) / 1000;
    const peak = process.resourceUsage().maxRSS / 1024;
    process.stdout.write(JSON.stringify({ milliseconds, cpu, peak, rows, columns }), () => process.exit());
  });
}
