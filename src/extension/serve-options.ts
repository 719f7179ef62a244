/** What a task can tell the reference server beyond its folder and its port, and the words that it becomes. */
import { finite, type Guarded, integer, list, oneOf, optional, shape, text } from "./validate";

export const SERVE_FIELDS = {
  workers: optional(integer(1, 999)),
  pool: optional(text(20)),
  perWorker: optional(integer(1, 100_000)),
  maxLoad: optional(finite),
  cgi: optional(text(1_000)),
  cgiMode: optional(oneOf("process", "persistent")),
  maxCgi: optional(integer(1, 10_000)),
  writable: optional(text(1_000)),
  lock: optional(oneOf("none", "file", "handler")),
  host: optional(text(1_000)),
  allowHost: optional(list(text(1_000), 100)),
  maxBody: optional(integer(0, 2 ** 40)),
  maxConnections: optional(integer(1, 1_000_000)),
  headerTimeout: optional(finite),
  idleTimeout: optional(finite),
  keepAliveTimeout: optional(finite),
  cgiTimeout: optional(finite),
  lockTimeout: optional(finite),
};

const isServeOptions = shape(SERVE_FIELDS);
export type ServeOptions = Guarded<typeof isServeOptions>;

const FLAGS: Readonly<Record<keyof typeof SERVE_FIELDS, string>> = {
  workers: "--workers",
  pool: "--pool",
  perWorker: "--per-worker",
  maxLoad: "--max-load",
  cgi: "--cgi",
  cgiMode: "--cgi-mode",
  maxCgi: "--max-cgi",
  writable: "--writable",
  lock: "--lock",
  host: "--host",
  allowHost: "--allow-host",
  maxBody: "--max-body",
  maxConnections: "--max-connections",
  headerTimeout: "--header-timeout",
  idleTimeout: "--idle-timeout",
  keepAliveTimeout: "--keep-alive-timeout",
  cgiTimeout: "--cgi-timeout",
  lockTimeout: "--lock-timeout",
};

const NAMES = Object.keys(FLAGS) as (keyof typeof FLAGS)[];

/** The server's options of something that has others too. */
export const serveOptionsOf = (options: ServeOptions): ServeOptions =>
  Object.fromEntries(NAMES.filter((name) => options[name] !== undefined).map((name) => [name, options[name]]));

export const serveWords = (options: ServeOptions): string[] =>
  NAMES.flatMap((name) => [options[name] ?? []].flat().flatMap((value) => [FLAGS[name], String(value)]));
