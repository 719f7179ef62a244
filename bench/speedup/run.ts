/** One cell of the table: a pool of its own, a load, and what the pool's log says of it. */
import type { ChildSpan, ServerRecord } from "../../src/model/record";
import { closedLoop } from "./client";
import { withServer } from "./server";
import { type Workload, writeSite } from "./workloads";

export interface Cell {
  workload: Workload;
  workers: number;
  lock: "none" | "file" | "handler";
}

/** Answers a second, and means per request in ms. */
export interface Measured {
  throughput: number;
  serverResponse: number;
  queue: number;
  lock: number;
  disk: number;
  program: number;
}

/** Seconds before the measurement. */
const WARM_UP = 0.3;

function summarise(records: readonly ServerRecord[], throughput: number): Measured {
  const mean = (of: (record: ServerRecord) => number): number =>
    records.reduce((sum, record) => sum + of(record), 0) / records.length / 1000;
  const spent = (kind: ChildSpan["kind"]): number =>
    mean(({ children = [] }) => children.reduce((sum, child) => sum + (child.kind === kind ? child.duration : 0), 0));
  return {
    throughput,
    serverResponse: mean((record) => record.sendEnd! - record.parseStart),
    queue: mean((record) => (record.arrival ? record.parseStart - record.arrival[1] : 0)),
    lock: spent("lock"),
    disk: spent("disk"),
    program: spent("cgi"),
  };
}

export const runCell = ({ workload, workers, lock }: Cell, connections: number, seconds: number): Promise<Measured> =>
  withServer(
    writeSite,
    ["--writable", "/files/", "--workers", `${workers}`, "--lock", lock],
    async ({ url, records, stop }) => {
      await closedLoop(url, workload, connections, WARM_UP);
      const warm = records().length;
      const { answered, seconds: took } = await closedLoop(url, workload, connections, seconds);
      await stop();
      const complete = records().filter(({ sendEnd }) => sendEnd !== undefined);
      return summarise(complete.slice(warm), answered / took);
    },
  );
