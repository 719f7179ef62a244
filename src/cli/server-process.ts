/** The server of a recording as a child process: started, ready, stopped. */
import { type ChildProcess, spawn } from "node:child_process";
import { rmSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";
import { claimFile } from "../log/claim";
import { watchListening } from "../log/listening";
import { hookEnvironment, hookFile } from "../session/launch";
import { aborted } from "./stop";

export interface ServerCommand {
  /** The server's log. */
  log: string;
  recording: string;
  /** Of the repository that the server runs in. */
  commit?: string;
  /** The user's own command, or the folder that the reference server serves. */
  launch: { words: string[] } | { root: string; port: number; options: string[] };
}

/** Before it is killed, ms. */
const GRACE_MS = 5_000;
/** The hook writes its last records at the latest 20 ms after the event; a server without a handler for SIGTERM ends at once. */
const LAST_RECORDS_MS = 100;

export class ServerProcess {
  /** Resolves with the URL of the first server that its log tells of. */
  readonly listening: Promise<string>;
  /** Aborted when it has ended; the reason says how, in words. */
  readonly ended: AbortSignal;
  private readonly child: ChildProcess;
  private readonly claim: string;
  private readonly stopWatching: () => void;

  constructor({ log, recording, commit, launch }: ServerCommand) {
    this.claim = claimFile(log, recording);
    const [command, ...words] =
      "words" in launch
        ? launch.words
        : [
            process.execPath,
            ...process.execArgv,
            process.argv[1]!,
            "serve",
            "--root",
            launch.root,
            "--port",
            String(launch.port),
            "--log",
            log,
            ...launch.options,
          ];
    const env =
      "words" in launch
        ? hookEnvironment({ hook: hookFile(), log, recording, commit }, process.env)
        : {
            ...process.env,
            REQUEST_TIMELINE_RECORDING: recording,
            ...(commit && { REQUEST_TIMELINE_COMMIT: commit }),
          };
    // A group of its own: the terminal's Ctrl-C is for the recording, which then ends the server with all its children.
    this.child = spawn(command!, words, { stdio: ["ignore", "pipe", "inherit"], env, detached: !isWindows });
    // Results are on stdout: what the server says goes to stderr.
    this.child.stdout?.pipe(process.stderr, { end: false });
    const end = new AbortController();
    this.ended = end.signal;
    this.child.on("error", (error) => end.abort(`cannot be started: ${error.message}`));
    this.child.on("exit", (status, signal) =>
      end.abort(signal ? `was ended by ${signal}` : `ended with status ${status}`),
    );
    let stopWatching = () => {};
    this.listening = new Promise((resolve) => {
      stopWatching = watchListening(log, resolve);
    });
    this.stopWatching = stopWatching;
  }

  /** Asks it to end, and kills it where it does not. Resolves when it has ended. */
  async stop(): Promise<void> {
    if (!this.ended.aborted) {
      await delay(LAST_RECORDS_MS);
      this.kill("SIGTERM");
      const timer = setTimeout(() => this.kill("SIGKILL"), GRACE_MS);
      await aborted(this.ended);
      clearTimeout(timer);
    }
    // What of its group is still there has lost its leader.
    if (!isWindows) this.kill("SIGTERM");
    this.stopWatching();
    // A server that is ended by a signal leaves its claim behind.
    rmSync(this.claim, { force: true });
  }

  private kill(signal: NodeJS.Signals): void {
    const { pid } = this.child;
    if (pid === undefined) return;
    try {
      if (isWindows) this.child.kill(signal);
      else process.kill(-pid, signal);
    } catch {
      // It has ended by itself.
    }
  }
}

const isWindows = process.platform === "win32";
