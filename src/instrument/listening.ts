/** Which servers of this process listen, and where. */
import { subscribe, unsubscribe } from "node:diagnostics_channel";
import { Server as HttpServer } from "node:http";
import type { AddressInfo, Server } from "node:net";
import { quiet } from "./guard";
import type { Http2 } from "./http2";
import type { Recorder } from "./recorder";

const CHANNEL = "tracing:net.server.listen:asyncEnd";
const ANY = new Set(["::", "0.0.0.0"]);

/**
 * The scheme of an HTTP server, of whichever version; null for any other. node:https is not imported for this, because
 * TLS would be loaded into every process; HTTP/2's classes are not exported.
 */
function schemeOf(server: Server): "http" | "https" | null {
  if (server instanceof HttpServer) return "http";
  if ("httpAllowHalfOpen" in server && "setSecureContext" in server) return "https";
  return isHttp2(server) ? ("setSecureContext" in server ? "https" : "http") : null;
}

export const isHttp2 = (server: Server): boolean => /^Http2(?:Secure)?Server$/.test(server.constructor.name);

/** Where a client of the same machine reaches a listening server; null where it is no HTTP server. */
function serverUrl(server: Server): string | null {
  const scheme = schemeOf(server);
  const address = scheme && server.address();
  if (!address) return null;
  if (typeof address === "string") return `${scheme}+unix://${encodeURIComponent(address)}`;
  const { address: host, port } = address as AddressInfo;
  const name = ANY.has(host) ? "localhost" : host.includes(":") ? `[${host}]` : host;
  return `${scheme}://${name}:${port}`;
}

/** Reports every HTTP server that listens from now on. */
export function instrumentListening(recorder: Recorder, http2: Http2): () => void {
  const listening = quiet((message: unknown) => {
    const { server } = message as { server: Server };
    const url = serverUrl(server);
    if (url === null) return;
    if (isHttp2(server)) http2.listening(server);
    recorder.listening(url);
  });
  subscribe(CHANNEL, listening);
  return () => {
    unsubscribe(CHANNEL, listening);
  };
}
