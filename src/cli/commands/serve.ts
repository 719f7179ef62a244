/** `request-timeline serve` (DESIGN 5.1). */
import { type Command, InvalidArgumentError, Option } from "commander";
import {
  CGI_MODES,
  type CgiMode,
  LIMITS,
  type Limits,
  LOCK_MODES,
  type LockMode,
  type PoolOptions,
  runWorker,
  type ServerOptions,
  startPool,
  startServer,
} from "../../server";
import { portOption, whole } from "../whole-number";

/** Hidden: what a pool's worker processes run. */
const WORKER_COMMAND = "serve-worker";

type TimeLimit = "headerTimeout" | "idleTimeout" | "keepAliveTimeout" | "cgiTimeout" | "lockTimeout";

/** Options in seconds that are limits in ms. */
const TIME_LIMITS: Readonly<Record<TimeLimit, [flag: string, description: string]>> = {
  headerTimeout: ["--header-timeout", "seconds a request's header may take"],
  idleTimeout: ["--idle-timeout", "seconds a body or a response may stand still"],
  keepAliveTimeout: ["--keep-alive-timeout", "seconds a connection may wait for its next request"],
  cgiTimeout: ["--cgi-timeout", "seconds a CGI program may take"],
  lockTimeout: ["--lock-timeout", "seconds a request may wait for a lock"],
};

interface ServeOptions extends Record<TimeLimit, number> {
  root: string;
  log: string;
  port: number;
  host: string;
  cgi: string;
  cgiMode: CgiMode;
  maxCgi: number;
  writable?: string;
  lock: LockMode;
  allowHost: string[];
  maxBody: number;
  maxConnections: number;
  workers?: number;
  pool?: [low: number, high: number];
  perWorker: number;
  maxLoad?: number;
}

function positive(text: string): number {
  const value = Number(text);
  if (!(value > 0 && Number.isFinite(value))) throw new InvalidArgumentError("not a number above 0");
  return value;
}

function share(text: string): number {
  const value = positive(text);
  if (value > 1) throw new InvalidArgumentError("not a share from 0 to 1");
  return value;
}

function lowHigh(text: string): [number, number] {
  const [, low, high] = /^(\d{1,3}):(\d{1,3})$/.exec(text) ?? [];
  if (!Number(low) || Number(high) < Number(low)) throw new InvalidArgumentError("not LOW:HIGH, as 2:8");
  return [Number(low), Number(high)];
}

function limitsOf(options: ServeOptions): Limits {
  const limits: Limits = {
    ...LIMITS,
    bodyBytes: options.maxBody,
    connections: options.maxConnections,
    cgiChildren: options.maxCgi,
  };
  for (const name of Object.keys(TIME_LIMITS) as TimeLimit[]) limits[name] = options[name] * 1000;
  return limits;
}

/** The pool that was asked for; null: one process for all. */
function poolOf(options: ServeOptions): PoolOptions | null {
  const range = options.pool ?? (options.workers === undefined ? null : [options.workers, options.workers]);
  if (!range) {
    return null;
  }
  return {
    low: range[0]!,
    high: range[1]!,
    perWorker: options.perWorker,
    maxLoad: options.maxLoad ?? null,
    worker: { file: process.argv[1]!, arguments: [WORKER_COMMAND], execArgv: process.execArgv },
  };
}

/** Runs until it is told to stop; the log is complete then. */
async function serve(options: ServeOptions, command: Command): Promise<void> {
  const pool = poolOf(options);
  if (!pool && options.maxLoad !== undefined) command.error("error: --max-load needs a pool: --workers or --pool");
  const server: ServerOptions = {
    root: options.root,
    cgi: options.cgi,
    writable: options.writable,
    log: options.log,
    recording: process.env.REQUEST_TIMELINE_RECORDING,
    host: options.host,
    port: options.port,
    allowHosts: options.allowHost,
    lockMode: options.lock,
    cgiMode: options.cgiMode,
    limits: limitsOf(options),
  };
  const signalled = new Promise<string>((resolve) => {
    for (const name of ["SIGTERM", "SIGINT", "SIGHUP"] as const) process.once(name, () => resolve(name));
  });
  const running = await (pool ? startPool(server, pool) : startServer(server));
  process.stdout.write(`listening on ${running.url}\n`);
  await running.close(await signalled);
}

export function addServe(program: Command): void {
  const command = program
    .command("serve")
    .description("serve a folder of files and CGI programs, and log the server's marks of every request")
    .requiredOption("--root <dir>", "folder to serve; with an htdocs inside, that is the document root")
    .requiredOption("--log <file>", "server log to write")
    .option("--port <n>", "port to listen on; 0 takes a free one", portOption, 0)
    .option("--host <address>", "address to listen on", "127.0.0.1")
    .option("--allow-host <name>", "answer for this name too (repeatable)", (name, all: string[]) => [...all, name], [])
    .option("--cgi <prefix>", "URL path of the CGI programs", "/cgi-bin/")
    .addOption(new Option("--cgi-mode <mode>", "a process a request, or kept").choices(CGI_MODES).default("process"))
    .option("--max-cgi <n>", "CGI programs at a time", whole(1, 10_000), LIMITS.cgiChildren)
    .option("--writable <prefix>", "URL path below which PUT writes files")
    .addOption(new Option("--lock <mode>", "what a PUT excludes").choices(LOCK_MODES).default("file"))
    .option("--workers <n>", "a pool of this many worker processes", whole(1, 999))
    .option("--pool <low:high>", "an elastic pool of worker processes", lowHigh)
    .option("--per-worker <k>", "connections that a worker has at a time", whole(1, 100_000), 1)
    .option("--max-load <share>", "share of the pool's capacity to admit; the rest is refused with 503", share)
    .option("--max-body <bytes>", "largest body of a request", whole(0, 2 ** 40), LIMITS.bodyBytes)
    .option("--max-connections <n>", "connections at a time", whole(1, 1_000_000), LIMITS.connections);
  for (const [name, [flag, description]] of Object.entries(TIME_LIMITS))
    command.option(`${flag} <seconds>`, description, positive, LIMITS[name as TimeLimit] / 1000);
  command.action(serve);
  program.command(WORKER_COMMAND, { hidden: true }).action(runWorker);
}
