/** What a task can tell the reference server beyond its folder and its port, and the words that it becomes. */
import { finite, type Guarded, integer, oneOf, optional, shape, text } from "./validate";

export const SERVE_FIELDS = {
  workers: optional(integer(1, 999)),
  pool: optional(text(20)),
  perWorker: optional(integer(1, 100_000)),
  maxLoad: optional(finite),
  cgi: optional(text(1_000)),
  cgiMode: optional(oneOf("process", "persistent")),
  writable: optional(text(1_000)),
  lock: optional(oneOf("none", "file", "handler")),
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
  writable: "--writable",
  lock: "--lock",
};

const NAMES = Object.keys(FLAGS) as (keyof typeof FLAGS)[];

/** The server's options of something that has others too. */
export const serveOptionsOf = (options: ServeOptions): ServeOptions =>
  Object.fromEntries(NAMES.filter((name) => options[name] !== undefined).map((name) => [name, options[name]]));

export const serveWords = (options: ServeOptions): string[] =>
  NAMES.flatMap((name) => (options[name] === undefined ? [] : [FLAGS[name], String(options[name])]));
