/** `request-timeline serve` (DESIGN 5.1). */
import { type Command, InvalidArgumentError, Option } from "commander";
import { CGI_MODES, type CgiMode, LIMITS, LOCK_MODES, type LockMode, startServer } from "../../server";

interface ServeOptions {
  root: string;
  log: string;
  port: number;
  host: string;
  cgi: string;
  cgiMode: CgiMode;
  writable?: string;
  lock: LockMode;
  allowHost: string[];
}

const integer =
  (least: number, most: number) =>
  (text: string): number => {
    const value = Number(text);
    if (!Number.isInteger(value) || value < least || value > most)
      throw new InvalidArgumentError(`not a whole number from ${least} to ${most}`);
    return value;
  };

/** Runs until it is told to stop; the log is complete then. */
async function serve(options: ServeOptions): Promise<void> {
  const server = await startServer({
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
    limits: LIMITS,
  });
  process.stdout.write(`listening on ${server.url}\n`);
  const signal = await new Promise<string>((resolve) => {
    for (const name of ["SIGTERM", "SIGINT"] as const) process.once(name, () => resolve(name));
  });
  await server.close(signal);
}

export function addServe(program: Command): void {
  program
    .command("serve")
    .description("serve a folder of files and CGI programs, and log the server's marks of every request")
    .requiredOption("--root <dir>", "folder to serve; with an htdocs inside, that is the document root")
    .requiredOption("--log <file>", "server log to write")
    .option("--port <n>", "port to listen on; 0 takes a free one", integer(0, 65_535), 0)
    .option("--host <address>", "address to listen on", "127.0.0.1")
    .option("--cgi <prefix>", "URL path of the CGI programs", "/cgi-bin/")
    .addOption(
      new Option("--cgi-mode <mode>", "a process a request, or kept running").choices(CGI_MODES).default("process"),
    )
    .option("--writable <prefix>", "URL path below which PUT writes files")
    .addOption(new Option("--lock <mode>", "what a PUT excludes").choices(LOCK_MODES).default("file"))
    .option("--allow-host <name>", "answer for this name too (repeatable)", (name, all: string[]) => [...all, name], [])
    .action(serve);
}
