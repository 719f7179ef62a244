/** Pools that stand side by side, and what their logs say of the slices of load that each had. */
import type { ChildSpan, ServerRecord } from "../../src/model/record";
import type { Load } from "./client";
import { type Served, startServer } from "./server";
import { writeSite } from "./workloads";

export interface Pool extends Served {
  workers: number;
  slices: Load[];
}

/** Starts one pool for each number of workers. */
export function startPools(counts: readonly number[], lock: string): Promise<Pool[]> {
  const words = (workers: number) => ["--writable", "/files/", "--workers", `${workers}`, "--lock", lock];
  return Promise.all(
    counts.map(async (workers) => ({ ...(await startServer(writeSite, words(workers))), workers, slices: [] })),
  );
}

/** Where a worker's time goes, means per request in ms. Their sum is all the time that the workers had. */
export interface Parts {
  program: number;
  lock: number;
  disk: number;
  /** The rest of R S. */
  server: number;
  /** From one request's end to the next one's beginning. */
  handOver: number;
}

export interface Measured {
  workers: number;
  /** Answers a second. */
  throughput: number;
  /** To fewest workers, in the same slices. */
  ratio: number;
  /** ms. */
  serverResponse: number;
  queue: number;
  parts: Parts;
}

/** Of a pool that has been stopped. */
export function measured({ workers, slices, records }: Pool, ratio: number): Measured {
  const within = (time: number) => slices.some(({ from, to }) => time >= from && time < to);
  const own = records().filter(({ sendEnd }) => sendEnd !== undefined && within(sendEnd));
  const mean = (of: (record: ServerRecord) => number): number =>
    own.reduce((sum, record) => sum + of(record), 0) / own.length / 1000;
  const spent = (kind: ChildSpan["kind"]): number =>
    mean(({ children = [] }) => children.reduce((sum, child) => sum + (child.kind === kind ? child.duration : 0), 0));
  const loaded = slices.reduce((sum, { from, to }) => sum + to - from, 0) / 1000;
  const serverResponse = mean((record) => record.sendEnd! - record.parseStart);
  const [program, lock, disk] = [spent("cgi"), spent("lock"), spent("disk")];
  return {
    workers,
    throughput: own.length / (loaded / 1000),
    ratio,
    serverResponse,
    queue: mean((record) => (record.arrival ? record.parseStart - record.arrival[1] : 0)),
    parts: {
      program,
      lock,
      disk,
      server: serverResponse - program - lock - disk,
      handOver: (loaded * workers) / own.length - serverResponse,
    },
  };
}
