/**
 * The reference server: a site of files and programs, measured by the same room that measures a user's server
 * (src/instrument); it has no stamping code of its own.
 */
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { type Instrument, startInstrument } from "../instrument";
import { allowedHosts } from "./admit";
import { type HandlerContext, handleRequest } from "./handler";
import { CHECK_INTERVAL, LIMITS, type Limits } from "./limits";
import { siteAt } from "./site";

export interface ServerOptions {
  root: string;
  log: string;
  recording?: string;
  /** Default 127.0.0.1. */
  host?: string;
  /** Default 0: any free one. */
  port?: number;
  /** URL path of the programs; default /cgi-bin/. */
  cgi?: string;
  /** Names besides localhost and this machine's that the server answers for. */
  allowHosts?: string[];
  limits?: Partial<Limits>;
}

export interface RunningServer {
  url: string;
  /** Closes all connections and completes the log. */
  close(reason?: string): Promise<void>;
}

/** An HTTP server that answers for the site, not yet listening. */
function siteServer(context: HandlerContext): Server {
  const { limits } = context;
  const server = createServer(
    {
      maxHeaderSize: limits.headerBytes,
      headersTimeout: limits.headerTimeout,
      requestTimeout: 0,
      keepAliveTimeout: limits.keepAliveTimeout,
      connectionsCheckingInterval: CHECK_INTERVAL,
      // Answered with the other checks, so that the refusal has a body and a handler like all others.
      requireHostHeader: false,
      noDelay: true,
    },
    (request, response) => void handleRequest(context, request, response),
  );
  // One more than allowed: node:http drops what is over its number in silence.
  server.maxHeadersCount = limits.headerCount + 1;
  server.maxRequestsPerSocket = limits.requestsPerConnection;
  server.maxConnections = limits.connections;
  server.timeout = limits.idleTimeout;
  return server;
}

const urlOf = ({ address, port, family }: AddressInfo): string =>
  `http://${family === "IPv6" ? `[${address}]` : address}:${port}`;

/** Resolves when the server listens; the log is open and has said so. */
export async function startServer(options: ServerOptions): Promise<RunningServer> {
  const site = siteAt(options.root, options.cgi ?? "/cgi-bin/");
  const instrument: Instrument = startInstrument({ log: options.log, recording: options.recording });
  const limits = { ...LIMITS, ...options.limits };
  const server = siteServer({ site, limits, hosts: allowedHosts(options.allowHosts ?? []), instrument });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(options.port ?? 0, options.host ?? "127.0.0.1", () => resolve());
  }).catch((error: unknown) => {
    instrument.stop("not listening");
    throw error;
  });
  return {
    url: urlOf(server.address() as AddressInfo),
    async close(reason) {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
      instrument.stop(reason);
    },
  };
}
