/** A reference server of its own for one measurement, and the records that it leaves. */
import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { build } from "esbuild";
import { decodeNative } from "../../src/formats/native";
import type { ServerRecord } from "../../src/model/record";

const repository = resolve(__dirname, "../..");

let built: Promise<string> | undefined;

/** The command `serve` alone, from the sources as they are: its file. */
function command(): Promise<string> {
  const outfile = join(mkdtempSync(join(tmpdir(), "request-timeline-bench-")), "serve.js");
  const contents = `import { Command } from "commander";
    import { addServe } from "./src/cli/commands/serve";
    const program = new Command();
    addServe(program);
    program.parseAsync();`;
  process.once("exit", () => rmSync(dirname(outfile), { recursive: true, force: true }));
  return build({
    stdin: { contents, resolveDir: repository, loader: "ts" },
    outfile,
    bundle: true,
    platform: "node",
    format: "cjs",
    target: "node20",
  }).then(() => outfile);
}

export interface Served {
  url: string;
  /** Final records so far, in order of parseStart. */
  records(): ServerRecord[];
  /** Ends the server, so that its log is complete. */
  stop(): Promise<void>;
  /** Its folders. */
  remove(): void;
}

function recordsIn(folder: string): ServerRecord[] {
  const lines = readdirSync(folder)
    .filter((name) => name.endsWith(".ndjson"))
    .flatMap((name) => readFileSync(join(folder, name), "utf8").trim().split("\n"));
  return lines
    .map(decodeNative)
    .filter((record): record is ServerRecord => "type" in record && record.type === "server")
    .sort((a, b) => a.parseStart - b.parseStart);
}

async function listening(stdout: NodeJS.ReadableStream): Promise<string> {
  let text = "";
  for await (const chunk of stdout) {
    text += chunk;
    const url = /^listening on (\S+)$/m.exec(text)?.[1];
    if (url) return url;
  }
  throw new Error("the server did not start");
}

/** Serves a folder that `write` fills, with these words after `serve --root … --log …`. */
export async function startServer(write: (root: string) => void, words: readonly string[]): Promise<Served> {
  const folder = mkdtempSync(join(tmpdir(), "request-timeline-bench-"));
  const [root, logs] = [join(folder, "site"), join(folder, "logs")];
  for (const name of [root, logs]) mkdirSync(name);
  write(root);
  built ??= command();
  const server = spawn(
    process.execPath,
    [await built, "serve", "--root", root, "--log", join(logs, "server.ndjson"), ...words],
    { stdio: ["ignore", "pipe", "inherit"] },
  );
  const ended = new Promise((done) => server.on("close", done));
  const stop = async (): Promise<void> => {
    server.kill("SIGTERM");
    await ended;
  };
  const remove = () => rmSync(folder, { recursive: true });
  try {
    return { url: await listening(server.stdout), records: () => recordsIn(logs), stop, remove };
  } catch (error) {
    await stop();
    remove();
    throw error;
  }
}

/** The same for as long as it is used. */
export async function withServer<T>(
  write: (root: string) => void,
  words: readonly string[],
  use: (served: Served) => Promise<T>,
): Promise<T> {
  const served = await startServer(write, words);
  try {
    return await use(served);
  } finally {
    await served.stop();
    served.remove();
  }
}
