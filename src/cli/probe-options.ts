/** The options of `probe`, also behind the `--` of `record`, and the plan that follows from them. */
import { randomInt } from "node:crypto";
import { existsSync } from "node:fs";
import { Command, InvalidArgumentError, Option } from "commander";
import { secondsOf } from "../model/schedule";
import { findBrowser } from "../probe/browser/find";
import type { LaunchOptions } from "../probe/browser/launch";
import type { HttpVersion } from "../probe/dial";
import { headerFields, parseHeader } from "../probe/headers";
import { checkLimits } from "../probe/load/limits";
import type { LoadPlan } from "../probe/load/load";
import { parseMix } from "../probe/load/mix";
import { readNamed } from "../probe/named-file";
import { originOf, parseUrl } from "../probe/origin";
import { DEFAULT_CONNECTIONS, DEFAULT_LOAD_CONNECTIONS, DEFAULT_TIMEOUT_S, type ProbePlan } from "../probe/plan";
import { parseScript } from "../probe/script/parse";
import { type ScheduleOptions, scheduleOf } from "./schedule-options";
import { whole } from "./whole-number";

export interface ProbeOptions extends ScheduleOptions {
  page?: true;
  count: number;
  connections?: number;
  connectionPerRequest?: true;
  timeout: number;
  method?: string;
  header: string[];
  body?: string;
  trace: boolean;
  insecure?: true;
  http: HttpVersion;
  rate?: number;
  duration?: number;
  poisson?: true;
  closed?: true;
  warmUp: number;
  mix?: string;
  seed?: number;
  iOwnThisHost?: true;
  browser?: true;
  browserPath?: string;
  headed?: true;
  variable: string[];
  base?: string;
}

const positive = (text: string): number => {
  const value = Number(text);
  if (!(value > 0 && value <= 1e6)) throw new InvalidArgumentError("It must be a number over 0.");
  return value;
};

const seconds = (text: string): number => {
  const value = secondsOf(text);
  if (Number.isNaN(value)) throw new InvalidArgumentError("It must be a time such as 30, 500ms or 2m.");
  return value;
};

const several = (text: string, before: string[]): string[] => [...before, text];

export function addProbeOptions(command: Command): Command {
  return command
    .option("--page", "load each URL as a page, with all that it embeds")
    .option("--count <n>", "passes over all URLs", whole(1, 10_000_000), 1)
    .option("--connections <n>", "connections to one host at one time (default 6; load: 32)", whole(1, 10_000))
    .option("--connection-per-request", "open a connection for each request")
    .option("--timeout <time>", "longest wait for one request: 30, 500ms, 2m", seconds, DEFAULT_TIMEOUT_S)
    .option("--method <method>", "request method (default GET, POST with a body)")
    .option("--header <header>", "a header, Name: value (repeatable)", several, [])
    .option("--body <text>", "the request's body; @FILE takes a file's content")
    .option("--no-trace", "send no traceparent: pair by connection alone")
    .option("--insecure", "accept any certificate")
    .addOption(
      new Option("--http <version>", "which HTTP to speak; auto: 2 where the server offers it in TLS")
        .choices(["auto", "1.1", "2"])
        .default("auto"),
    )
    .option("--browser", "load each URL in Chrome, Edge or Chromium, driven through a pipe")
    .option("--browser-path <file>", "the browser's program")
    .option("--headed", "with --browser: show its window")
    .option("--variable <name=value>", "a variable for request files (repeatable)", several, [])
    .option("--base <url>", "the server that a path alone belongs to")
    .option("--rate <n>", "load: so many requests a second, whether answers come or not (open loop)", positive)
    .option("--duration <time>", "load: how long, after the warm-up: 30, 500ms, 2m", seconds)
    .option("--poisson", "load: random arrivals instead of equal distances")
    .option("--closed", "load: the next request when the last is answered, on each connection (closed loop)")
    .option("--warm-up <time>", "load: marked and left out of statistics", seconds, 0)
    .option("--mix <file>", "load: requests with weights, one a line: WEIGHT [METHOD] URL")
    .option("--seed <n>", "load: repeat the random choices of an earlier run", whole(0, 2 ** 48))
    .option("--every <time>", "schedule: again and again at this distance, such as 30m", seconds)
    .option("--until <time>", "schedule: no slot behind this, such as 18:00")
    .option("--at <times>", "schedule: at these times of the day, such as 9:00,13:00,17:30")
    .option("--resume", "schedule: go on with the one that the log has begun; what was due since is missed")
    .option("--i-own-this-host", "no limits for hosts that are not this machine");
}

/** The options of a probe that was given none. */
export const defaultProbeOptions = (): ProbeOptions => addProbeOptions(new Command()).opts<ProbeOptions>();

/** `base`: what a URL that is only a path belongs to; `log`: what a schedule may go on from. Throws in words. */
export function planOf(urls: readonly string[], options: ProbeOptions, base = options.base, log?: string): ProbePlan {
  const body = options.body === undefined ? undefined : bodyOf(options.body);
  const method = options.method?.toUpperCase() ?? (body ? "POST" : "GET");
  if (!/^[A-Z][A-Z-]*$/.test(method)) throw new Error(`${JSON.stringify(method)} is not a request method`);
  const headers = options.header.map(parseHeader);
  headerFields(headers);
  const scripts = urls.filter(isScriptFile);
  if (scripts.length && scripts.length < urls.length) throw new Error("give either request files or URLs");
  const parsed = scripts.length ? [] : urls.map((text) => askable(text, base));
  const load = loadOf(parsed, method, options, base ?? parsed[0]?.origin);
  const connections = options.connections ?? (load ? DEFAULT_LOAD_CONNECTIONS : DEFAULT_CONNECTIONS);
  if (scripts.length && (load || options.page || body || options.method !== undefined))
    throw new Error("a request file says itself what to send: no load, --page, --method or --body");
  if (!load && !urls.length) throw new Error("nothing to request: give a URL");
  if (!options.iOwnThisHost)
    checkLimits(
      new Set([...parsed, ...(load?.mix ?? []).map(({ url }) => url)].map((url) => originOf(url).host)),
      connections,
      load?.rate,
    );
  return {
    urls: parsed,
    page: options.page ?? false,
    count: options.count,
    method,
    headers,
    body,
    connections,
    connectionPerRequest: options.connectionPerRequest ?? false,
    timeout: options.timeout,
    trace: options.trace,
    insecure: options.insecure ?? false,
    http: options.http,
    schedule: scheduleOf(options, log),
    load,
    browser: browserOf(options, load !== undefined || scripts.length > 0 || method !== "GET"),
    script: scripts.length
      ? {
          scripts: scripts.map((file) => parseScript(file, readNamed(file).toString())),
          variables: new Map(options.variable.map(parseVariable)),
          base,
          headers,
        }
      : undefined,
  };
}

function browserOf(options: ProbeOptions, isOther: boolean): LaunchOptions | undefined {
  if (!options.browser && options.browserPath === undefined && !options.headed) return undefined;
  if (isOther) throw new Error("--browser loads pages: no load, request file, --method or --body");
  return {
    program: findBrowser(options.browserPath),
    headed: options.headed ?? false,
    insecure: options.insecure ?? false,
  };
}

/** A request file by its name; a URL that ends so has a scheme or begins with a slash that is no file. */
const isScriptFile = (text: string): boolean =>
  /\.(?:http|rest)$/i.test(text) && !/^https?:\/\//i.test(text) && (!text.startsWith("/") || existsSync(text));

function parseVariable(text: string): [name: string, value: string] {
  const equals = text.indexOf("=");
  if (equals < 1) throw new Error(`${JSON.stringify(text.slice(0, 80))} is not a variable; one looks like name=value`);
  return [text.slice(0, equals), text.slice(equals + 1)];
}

function askable(text: string, base: string | undefined): URL {
  const url = parseUrl(text, base);
  originOf(url);
  url.hash = "";
  return url;
}

/** Undefined where the options ask for no load. */
function loadOf(urls: readonly URL[], method: string, options: ProbeOptions, base?: string): LoadPlan | undefined {
  const { rate, duration, closed, mix, poisson, warmUp, seed, iOwnThisHost } = options;
  if (rate === undefined && !closed && duration === undefined && mix === undefined) {
    if (poisson || warmUp) throw new Error("--poisson and --warm-up belong to a load: give --rate or --closed too");
    return undefined;
  }
  if (rate !== undefined && closed) throw new Error("--rate is an open loop, --closed is not: give one of them");
  if (rate === undefined && !closed) throw new Error("a load needs --rate R (open loop) or --closed");
  if (duration === undefined) throw new Error("a load needs --duration, such as 10 or 2m");
  if (options.page || options.count > 1) throw new Error("--page and --count do not go with a load");
  if (options.http === "2") throw new Error("a load speaks HTTP/1.1: --http 2 does not go with it");
  const entries =
    mix === undefined ? urls.map((url) => ({ weight: 1, method, url })) : parseMix(readNamed(mix).toString(), base);
  if (!entries.length) throw new Error("nothing to request: give a URL or --mix");
  return {
    mix: entries,
    rate,
    arrivals: poisson ? "poisson" : "constant",
    duration,
    warmup: warmUp,
    seed: seed ?? randomInt(2 ** 48 - 1),
    unlimited: iOwnThisHost ?? false,
  };
}

const bodyOf = (text: string): Buffer => (text.startsWith("@") ? readNamed(text.slice(1)) : Buffer.from(text));
