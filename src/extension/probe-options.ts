/** What a task can tell the probe beyond its URLs, and the words that it becomes. */
import { finite, flag, type Guarded, integer, list, oneOf, optional, shape, text } from "./validate";

const TIME = optional(text(100));

export const PROBE_FIELDS = {
  method: optional(text(100)),
  body: optional(text(1_000_000)),
  page: optional(flag),
  count: optional(integer(1, 1_000_000)),
  browser: optional(flag),
  headed: optional(flag),
  browserPath: optional(text(4_096)),
  rate: optional(finite),
  closed: optional(flag),
  duration: TIME,
  warmUp: TIME,
  poisson: optional(flag),
  mix: optional(text(4_096)),
  seed: optional(integer(0, 2 ** 48)),
  connections: optional(integer(1, 10_000)),
  connectionPerRequest: optional(flag),
  every: TIME,
  until: TIME,
  at: optional(text(10_000)),
  resume: optional(flag),
  timeout: TIME,
  http: optional(oneOf("auto", "1.1", "2")),
  insecure: optional(flag),
  noTrace: optional(flag),
  iOwnThisHost: optional(flag),
  header: optional(list(text(8_192), 100)),
  variable: optional(list(text(8_192), 100)),
  base: optional(text(8_192)),
};

const isProbeOptions = shape(PROBE_FIELDS);
export type ProbeOptions = Guarded<typeof isProbeOptions>;

const FLAGS: Readonly<Record<keyof typeof PROBE_FIELDS, string>> = {
  method: "--method",
  body: "--body",
  page: "--page",
  count: "--count",
  browser: "--browser",
  headed: "--headed",
  browserPath: "--browser-path",
  rate: "--rate",
  closed: "--closed",
  duration: "--duration",
  warmUp: "--warm-up",
  poisson: "--poisson",
  mix: "--mix",
  seed: "--seed",
  connections: "--connections",
  connectionPerRequest: "--connection-per-request",
  every: "--every",
  until: "--until",
  at: "--at",
  resume: "--resume",
  timeout: "--timeout",
  http: "--http",
  insecure: "--insecure",
  noTrace: "--no-trace",
  iOwnThisHost: "--i-own-this-host",
  header: "--header",
  variable: "--variable",
  base: "--base",
};

const NAMES = Object.keys(FLAGS) as (keyof typeof FLAGS)[];

/** The probe's options of something that has others too. */
export const probeOptionsOf = (options: ProbeOptions): ProbeOptions =>
  Object.fromEntries(NAMES.filter((name) => options[name] !== undefined).map((name) => [name, options[name]]));

export const probeWords = (options: ProbeOptions): string[] =>
  NAMES.flatMap((name) => {
    const value = options[name];
    if (value === undefined || value === false) return [];
    if (value === true) return [FLAGS[name]];
    return [value].flat().flatMap((item) => [FLAGS[name], String(item)]);
  });

/** A request file: the probe reads it itself, so it is no address. */
export const isRequestFile = (url: string): boolean => /\.(?:http|rest)$/i.test(url) && !/^https?:\/\//i.test(url);
