/**
 * The reference server: a site of files and programs, measured by the same room that measures a user's server
 * (src/instrument); it has no stamping code of its own.
 */
import { startInstrument } from "../instrument";
import { listen } from "./listen";
import { localLocks } from "./locks/locks";
import type { RunningServer, ServerOptions } from "./options";
import { siteServer } from "./site-server";

export { CGI_MODES, type CgiMode } from "./cgi/answer";
export { LIMITS, type Limits } from "./limits";
export { LOCK_MODES, type LockMode } from "./locks/locks";
export type { PoolOptions, RunningServer, ServerOptions } from "./options";
export { startPool } from "./pool";
export { runWorker } from "./pool/worker";

/** One process for all. Resolves when it listens; the log is open and has said so. */
export async function startServer(options: ServerOptions): Promise<RunningServer> {
  const instrument = startInstrument({ log: options.log, recording: options.recording });
  try {
    const { server, close } = siteServer(options, instrument, localLocks());
    const url = await listen(server, options.host, options.port);
    return {
      url,
      async close(reason) {
        await close();
        instrument.stop(reason);
      },
    };
  } catch (error) {
    instrument.stop("not listening");
    throw error;
  }
}
