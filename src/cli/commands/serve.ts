/** `request-timeline serve` (DESIGN 5.1). */
import { type Command, InvalidArgumentError } from "commander";
import { startServer } from "../../server";

interface ServeOptions {
  root: string;
  log: string;
  port: number;
  host: string;
  cgi: string;
  allowHost: string[];
}

function port(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 0 || value > 65_535) throw new InvalidArgumentError("not a port");
  return value;
}

/** Runs until it is told to stop; the log is complete then. */
async function serve(options: ServeOptions): Promise<void> {
  const server = await startServer({
    root: options.root,
    log: options.log,
    port: options.port,
    host: options.host,
    cgi: options.cgi,
    allowHosts: options.allowHost,
    recording: process.env.REQUEST_TIMELINE_RECORDING,
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
    .option("--port <n>", "port to listen on; 0 takes a free one", port, 0)
    .option("--host <address>", "address to listen on", "127.0.0.1")
    .option("--cgi <prefix>", "URL path of the CGI programs", "/cgi-bin/")
    .option("--allow-host <name>", "answer for this name too (repeatable)", (name, all: string[]) => [...all, name], [])
    .action(serve);
}
