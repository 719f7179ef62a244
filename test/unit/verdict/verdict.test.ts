/** Servers with one planted fault, recorded by the built hook, reference server and probe: the verdict names the fault. */
import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { openSession } from "../../../src/engine/node/open";
import type { SessionInfo } from "../../../src/protocol/messages";
import { CLI, inFolder, ROOT } from "../cli/support";
import { until } from "../instrument/support";
import { FAULTS, type Fault, HEALTHY } from "./faults";

function start({ server, serve }: Fault, folder: string, log: string): ChildProcess {
  const script = join(folder, "server.js");
  writeFileSync(script, server ?? "");
  const program = join(folder, "site/cgi-bin/program");
  mkdirSync(join(folder, "site/cgi-bin"), { recursive: true });
  writeFileSync(program, `#!/bin/sh\n${serve?.program}\nprintf 'Content-Type: text/plain\\n\\nok'\n`);
  chmodSync(program, 0o755);
  const words = serve
    ? ["serve", "--root", join(folder, "site"), "--log", log, ...serve.options]
    : ["run", "--log", log, "--", process.execPath, script];
  return spawn(process.execPath, [CLI, ...words], { cwd: ROOT, stdio: ["ignore", "pipe", "pipe"] });
}

async function addressOf({ stdout, stderr }: ChildProcess): Promise<URL> {
  let said = "";
  const address = (): string | undefined => /listening on (https?:\/\/\S+)/.exec(said)?.[1];
  for (const stream of [stdout!, stderr!])
    stream.on("data", (chunk: Buffer) => {
      said += chunk.toString();
    });
  await until(() => address() !== undefined);
  return new URL(address()!);
}

/** What the session's verdict says of a recording of the server. */
const recorded = (fault: Fault): Promise<{ verdict: SessionInfo["verdict"]; script: string }> =>
  inFolder(async (folder) => {
    const [log, client] = [join(folder, "server.ndjson"), join(folder, "client.ndjson")];
    const server = start(fault, folder, log);
    const ended = once(server, "exit");
    try {
      const requests = await fault.drive(await addressOf(server), client);
      // A pool's workers write their own logs, which SIGTERM completes.
      const written = (): number => readFileSync(log, "utf8").split('"type":"server"').length - 1;
      if (fault.server) await until(() => written() >= requests);
    } finally {
      server.kill("SIGTERM");
      await ended;
    }
    const logs = readdirSync(folder).filter((name) => name.endsWith(".ndjson"));
    const session = await openSession(logs.map((name) => join(folder, name)));
    return { verdict: session.info().verdict, script: fault.server ?? "" };
  });

async function says(fault: Fault): Promise<void> {
  const { verdict, script } = await recorded(fault);
  assert.match(`${verdict?.title} ${verdict?.text}`, fault.says);
  const line = script.split("\n")[(verdict?.source?.line ?? 0) - 1] ?? "";
  if (fault.link !== undefined) assert.ok(line.includes(fault.link), `the link leads to ${line}`);
}

describe("the verdict on a recorded server", function () {
  this.timeout(60_000);

  for (const [name, fault] of Object.entries(FAULTS)) it(`names ${name}`, () => says(fault));

  it("says of a healthy one that no part stands out", () => says(HEALTHY));
});
