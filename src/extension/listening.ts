/** Where a starting server listens, as its log says: the port is learnt from the process itself and not asked for. */
import { join } from "node:path";
import { watchListening } from "../log/listening";
import { SERVER_LOG } from "../model/manifest";
import { isRequestFile } from "./probe-options";

/**
 * The first URL that a server of this session listens on from now on; null where the signal came first. Begin to wait
 * before the server is started.
 */
export function untilListening(sessionFolder: string, signal: AbortSignal): Promise<string | null> {
  return new Promise((resolve) => {
    const settle = (url: string | null) => {
      signal.removeEventListener("abort", over);
      resolve(url);
      stop();
    };
    const over = () => settle(null);
    const stop = watchListening(join(sessionFolder, SERVER_LOG), settle);
    signal.addEventListener("abort", over);
  });
}

/** The address to request where a server listens on all of them. */
export function reachable(listenUrl: string): string {
  const url = new URL(listenUrl);
  if (url.hostname === "0.0.0.0" || url.hostname === "[::]") url.hostname = "localhost";
  return url.href;
}

/** What the user typed, paths or whole URLs or request files, against the server's address. Throws where one is neither. */
export function resolveUrls(urls: readonly string[], base: string): string[] {
  return urls.map((url) => {
    if (isRequestFile(url)) return url;
    if (!URL.canParse(url, base)) throw new Error(`Not a URL or a path: ${url}`);
    return new URL(url, base).href;
  });
}
