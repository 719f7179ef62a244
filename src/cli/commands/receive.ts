/** `request-timeline receive`: a live OTLP/HTTP receiver whose log stands beside a probe's in a session. */
import type { Command } from "commander";
import { startReceiver } from "../../receiver";
import { portOption } from "../whole-number";

export function addReceive(program: Command): void {
  program
    .command("receive")
    .description("receive OpenTelemetry traces (OTLP/HTTP) on loopback, and log their HTTP spans")
    .requiredOption("--log <file>", "log to write")
    .option("--port <n>", "port to listen on; 0 takes a free one", portOption, 4318)
    .action(receive);
}

async function receive({ log, port }: { log: string; port: number }): Promise<void> {
  // Before it says where it listens: who knows that may end it at once.
  const signalled = new Promise<void>((resolve) => {
    for (const name of ["SIGTERM", "SIGINT", "SIGHUP"] as const) process.once(name, () => resolve());
  });
  const receiver = await startReceiver({ log, port });
  process.stdout.write(`listening on ${receiver.url}\n`);
  await signalled;
  await receiver.close();
}
