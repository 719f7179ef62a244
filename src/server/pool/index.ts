/** The reference server as a pool. */
import { startInstrument } from "../../instrument";
import { prepareUploads } from "../files/uploads";
import { listen } from "../listen";
import type { PoolOptions, RunningServer, ServerOptions } from "../options";
import { siteAt } from "../site";
import { Admission } from "./admission";
import { Listener } from "./listener";
import { Refuser } from "./refuser";

/** Resolves when it listens and its workers are ready. */
export async function startPool(options: ServerOptions, pool: PoolOptions): Promise<RunningServer> {
  const site = siteAt(options);
  if (site.writable) prepareUploads(site.writable);
  const instrument = startInstrument({ log: options.log, recording: options.recording });
  // Workers belong to the same recording, whoever named it.
  const named = { ...options, recording: options.recording ?? process.env.REQUEST_TIMELINE_RECORDING };
  const refuser = new Refuser(options, site, instrument);
  const admission = pool.maxLoad === null ? null : new Admission(pool.maxLoad, performance.now());
  const listener = new Listener(named, pool, site, admission, refuser);
  const close = async (reason?: string): Promise<void> => {
    await listener.stop();
    instrument.stop(reason);
  };
  try {
    await listener.start();
    const url = await listen(listener.server, options.host, options.port);
    instrument.listening(url);
    return { url, close };
  } catch (error) {
    await close("not listening");
    throw error;
  }
}
