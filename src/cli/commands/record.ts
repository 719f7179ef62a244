/** `request-timeline record` (DESIGN 5.1): server, wait until ready, probe, stop: one session. */
import { resolve } from "node:path";
import { Command, CommanderError } from "commander";
import { version } from "../../../package.json";
import { createSession, type Session } from "../../session";
import { splitWords } from "../../session/words";
import { addProbeOptions, defaultProbeOptions, type ProbeOptions, planOf } from "../probe-options";
import { type Recording, record } from "../recording";
import { portOption } from "../whole-number";

interface Options {
  session: string;
  name?: string;
  server?: string;
  serve?: string;
  serveOptions?: string;
  port: number;
  waitFor?: string;
  json?: true;
}

export function addRecord(program: Command): void {
  const command = program
    .command("record")
    .description("record one session: start a server, probe it, stop it; without a probe, record until Ctrl-C")
    .usage("--session DIR [--server 'COMMAND' | --serve DIR] [--wait-for URL] [-- PROBE ARGUMENTS…]")
    .requiredOption("--session <dir>", "folder of the session; it must be new or empty")
    .option("--name <text>", "the session's name, for people")
    .option("--server <command>", "your own server, as words, without a shell")
    .option("--serve <dir>", "serve this folder with the reference server")
    .option("--serve-options <words>", "further options of `serve`, as '--workers 2 --lock handler'")
    .option("--port <n>", "port for --serve; 0 takes a free one", portOption, 0)
    .option("--wait-for <url>", "the server is ready when this is answered")
    .option("--json", "print the result as JSON")
    .argument("[probe...]", "the arguments of `probe`, behind --; /path is a path of this server")
    .action(async (words: string[], options: Options) => {
      let recording: Recording;
      let session: Session;
      try {
        // Wrong arguments are to be told before anything is made or started.
        recording = recordingOf(words, options);
        session = await createSession(options.session, {
          name: options.name,
          tool: version,
          commands: {
            server: recording.server,
            serve: recording.serve?.root,
            serveOptions: recording.serve?.options.length ? recording.serve.options : undefined,
            probe: words.length ? words : undefined,
          },
        });
      } catch (error) {
        if (error instanceof CommanderError) throw error;
        return command.error(`error: ${(error as Error).message}`);
      }
      process.exitCode = (await record(session, recording)) ? 0 : 1;
    });
}

function recordingOf(words: string[], options: Options): Recording {
  const server = options.server === undefined ? undefined : splitWords(options.server);
  const serve =
    options.serve === undefined
      ? undefined
      : { root: resolve(options.serve), port: options.port, options: splitWords(options.serveOptions ?? "") };
  if (options.serveOptions !== undefined && !serve) throw new Error("--serve-options needs --serve");
  if (server && serve) throw new Error("--server and --serve exclude each other");
  if (server?.length === 0) throw new Error("--server names no command");
  if (!server && !serve && !words.length)
    throw new Error("nothing to record: give --server, --serve, or what to probe behind --");
  const probe = words.length ? parseProbe(words) : null;
  const planFor = probe && ((base?: string) => planOf(probe.urls, probe.options, base));
  planFor?.(server || serve || options.waitFor ? "http://localhost" : undefined);
  return {
    server,
    serve,
    waitFor: options.waitFor === undefined ? undefined : planOf([options.waitFor], defaultProbeOptions()),
    planFor,
    json: options.json ?? false,
  };
}

function parseProbe(words: string[]): { urls: string[]; options: ProbeOptions } {
  const parser = addProbeOptions(new Command("probe").exitOverride().argument("[url...]", "what to request"));
  parser.parse(words, { from: "user" });
  return { urls: parser.args, options: parser.opts<ProbeOptions>() };
}
