/** What a task can tell the probe beyond its URLs, and the words that it becomes. */
import { finite, flag, type Guarded, integer, list, oneOf, optional, shape, text } from "./validate";

const TIME = optional(text(100));

export const PROBE_FIELDS = {
  page: optional(flag),
  count: optional(integer(1, 1_000_000)),
  browser: optional(flag),
  headed: optional(flag),
  rate: optional(finite),
  closed: optional(flag),
  duration: TIME,
  warmUp: TIME,
  poisson: optional(flag),
  mix: optional(text(4_096)),
  connections: optional(integer(1, 10_000)),
  connectionPerRequest: optional(flag),
  every: TIME,
  until: TIME,
  at: optional(text(10_000)),
  timeout: TIME,
  http: optional(oneOf("auto", "1.1", "2")),
  header: optional(list(text(8_192), 100)),
  variable: optional(list(text(8_192), 100)),
  base: optional(text(8_192)),
};

const isProbeOptions = shape(PROBE_FIELDS);
export type ProbeOptions = Guarded<typeof isProbeOptions>;

const FLAGS: Readonly<Record<keyof typeof PROBE_FIELDS, string>> = {
  page: "--page",
  count: "--count",
  browser: "--browser",
  headed: "--headed",
  rate: "--rate",
  closed: "--closed",
  duration: "--duration",
  warmUp: "--warm-up",
  poisson: "--poisson",
  mix: "--mix",
  connections: "--connections",
  connectionPerRequest: "--connection-per-request",
  every: "--every",
  until: "--until",
  at: "--at",
  timeout: "--timeout",
  http: "--http",
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
