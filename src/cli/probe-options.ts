/** The options of `probe`, also behind the `--` of `record`, and the plan that follows from them. */
import { readFileSync } from "node:fs";
import { Command, InvalidArgumentError } from "commander";
import { headerLines, parseHeader } from "../probe/headers";
import { originOf, parseUrl } from "../probe/origin";
import { DEFAULT_CONNECTIONS, DEFAULT_TIMEOUT_S, type ProbePlan } from "../probe/plan";

export interface ProbeOptions {
  page?: true;
  count: number;
  connections: number;
  connectionPerRequest?: true;
  timeout: number;
  method?: string;
  header: string[];
  body?: string;
  trace: boolean;
  insecure?: true;
}

/** A whole number from `least` on. */
const whole = (least: number, most: number) => (text: string) => {
  const value = Number(text);
  if (!/^\d+$/.test(text) || value < least || value > most)
    throw new InvalidArgumentError(`It must be a whole number from ${least} to ${most}.`);
  return value;
};

export const portOption = whole(0, 65_535);

const seconds = (text: string): number => {
  const match = /^(\d+(?:\.\d+)?)(ms|s|m|h)?$/.exec(text);
  const value = match ? Number(match[1]) * { ms: 0.001, s: 1, m: 60, h: 3600 }[match[2] ?? "s"]! : Number.NaN;
  if (!(value > 0)) throw new InvalidArgumentError("It must be a time such as 30, 500ms or 2m.");
  return value;
};

const several = (text: string, before: string[]): string[] => [...before, text];

export function addProbeOptions(command: Command): Command {
  return command
    .option("--page", "load each URL as a page, with all that it embeds")
    .option("--count <n>", "passes over all URLs", whole(1, 10_000_000), 1)
    .option("--connections <n>", "connections to one host at one time", whole(1, 10_000), DEFAULT_CONNECTIONS)
    .option("--connection-per-request", "open a connection for each request")
    .option("--timeout <time>", "longest wait for one request: 30, 500ms, 2m", seconds, DEFAULT_TIMEOUT_S)
    .option("--method <method>", "request method (default GET, POST with a body)")
    .option("--header <header>", "a header, Name: value (repeatable)", several, [])
    .option("--body <text>", "the request's body; @FILE takes a file's content")
    .option("--no-trace", "send no traceparent: pair by connection alone")
    .option("--insecure", "accept any certificate");
}

/** The options of a probe that was given none. */
export const defaultProbeOptions = (): ProbeOptions => addProbeOptions(new Command()).opts<ProbeOptions>();

/** `base`: what a URL that is only a path belongs to. Throws in words that a person understands. */
export function planOf(urls: readonly string[], options: ProbeOptions, base?: string): ProbePlan {
  const body = options.body === undefined ? undefined : bodyOf(options.body);
  const method = options.method ?? (body ? "POST" : "GET");
  if (!/^[A-Z][A-Z-]*$/i.test(method)) throw new Error(`${JSON.stringify(method)} is not a request method`);
  const headers = options.header.map(parseHeader);
  headerLines(headers);
  return {
    urls: urls.map((text) => {
      const url = parseUrl(text, base);
      originOf(url);
      url.hash = "";
      return url;
    }),
    page: options.page ?? false,
    count: options.count,
    method,
    headers,
    body,
    connections: options.connections,
    connectionPerRequest: options.connectionPerRequest ?? false,
    timeout: options.timeout,
    trace: options.trace,
    insecure: options.insecure ?? false,
  };
}

const bodyOf = (text: string): Buffer => (text.startsWith("@") ? readFileSync(text.slice(1)) : Buffer.from(text));
