/** `request-timeline probe` (DESIGN 5.1): requests as a client, and the client's log. */
import type { Command } from "commander";
import { LogWriter } from "../../log/writer";
import { Recorder } from "../../probe/recorder";
import { addProbeOptions, type ProbeOptions, planOf } from "../probe-options";
import { probeTo } from "../probe-run";
import { stopOnSignals } from "../stop";

interface Options extends ProbeOptions {
  log: string;
  json?: true;
}

export function addProbe(program: Command): void {
  const command = program
    .command("probe")
    .description("request URLs and log the client's marks of every request")
    .argument("[url...]", "what to request: URLs, or request files (.http, .rest)")
    .requiredOption("--log <file>", "client log to write");
  addProbeOptions(command)
    .option("--json", "print the result as JSON")
    .action(async (urls: string[], options: Options) => {
      let plan: ReturnType<typeof planOf>;
      try {
        plan = planOf(urls, options, undefined, options.log);
      } catch (error) {
        return command.error(`error: ${(error as Error).message}`);
      }
      const stop = stopOnSignals();
      const log = new LogWriter({
        file: options.log,
        role: "client",
        recording: process.env.REQUEST_TIMELINE_RECORDING,
      });
      const recorder = new Recorder(log);
      try {
        process.exitCode = (await probeTo(recorder, plan, stop.signal, options.json ?? false)) ? 0 : 1;
      } finally {
        recorder.close(stop.signal.aborted ? String(stop.signal.reason) : undefined);
        stop.release();
      }
    });
}
