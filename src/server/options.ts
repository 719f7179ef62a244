/** What the reference server can be told. Plain data: a pool's listener sends it to its workers. */
import type { CgiMode } from "./cgi/answer";
import type { Limits } from "./limits";
import type { LockMode } from "./locks/locks";
import type { SiteOptions } from "./site";

export interface ServerOptions extends SiteOptions {
  log: string;
  recording?: string;
  host: string;
  /** 0: any free one. */
  port: number;
  /** Names besides localhost and this machine's that the server answers for. */
  allowHosts: string[];
  lockMode: LockMode;
  cgiMode: CgiMode;
  limits: Limits;
}

export interface PoolOptions {
  /** Workers that are always there, and that there are at most. */
  low: number;
  high: number;
  /** Connections that a worker has at a time. */
  perWorker: number;
  /** Share of the pool's capacity that is admitted, 0 to 1; null: everything, and the queue grows. */
  maxLoad: number | null;
  /** How a worker process is started: a script of this Node, which calls `runWorker`. */
  worker: { file: string; arguments: string[]; execArgv?: string[] };
}

export interface RunningServer {
  url: string;
  /** Closes all connections and completes the log. */
  close(reason?: string): Promise<void>;
}
