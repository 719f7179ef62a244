/** The HTTP server of one process: a single server's, or a pool worker's that is handed its connections. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { Instrument } from "../instrument";
import { allowedHosts } from "./admit";
import { inheritedEnvironment } from "./cgi/environment";
import { KeptPrograms } from "./cgi/persistent";
import { prepareUploads } from "./files/uploads";
import { type HandlerContext, handleRequest } from "./handler";
import { CHECK_INTERVAL } from "./limits";
import type { Locks } from "./locks/locks";
import type { ServerOptions } from "./options";
import { Pace } from "./pace";
import { siteAt } from "./site";

export interface SiteServer {
  server: Server;
  close(): Promise<void>;
}

/** The options of node:http for peers that nobody vouches for. */
export function hardenedServer({ limits }: Pick<ServerOptions, "limits">): Server {
  const server = createServer({
    maxHeaderSize: limits.headerBytes,
    headersTimeout: limits.headerTimeout,
    // A large body may take its time, at the pace that ./pace asks for.
    requestTimeout: 0,
    keepAliveTimeout: limits.keepAliveTimeout,
    connectionsCheckingInterval: CHECK_INTERVAL,
    // Checked with the other heads, so that the refusal has a body and a handler like all others.
    requireHostHeader: false,
    noDelay: true,
  });
  // One more than allowed: node:http drops what is over its number in silence.
  server.maxHeadersCount = limits.headerCount + 1;
  server.maxRequestsPerSocket = limits.requestsPerConnection;
  server.maxConnections = limits.connections;
  // Silence alone is nobody's fault: a program may be thinking. Whose turn it is ./pace knows.
  server.timeout = 0;
  return server;
}

/** A server that answers for the site, not yet listening. */
export function siteServer(options: ServerOptions, instrument: Instrument, locks: Locks): SiteServer {
  const site = siteAt(options);
  if (site.writable) prepareUploads(site.writable);
  const programs = options.cgiMode === "persistent" ? new KeptPrograms(inheritedEnvironment()) : null;
  const { limits, lockMode } = options;
  const context: HandlerContext = {
    site,
    limits,
    hosts: allowedHosts(options.allowHosts),
    locks,
    lockMode,
    programs,
    instrument,
  };
  const server = hardenedServer(options);
  const pace = new Pace(server, limits);
  const answer = (request: IncomingMessage, response: ServerResponse): void => {
    pace.watch(request, response);
    void handleRequest(context, request, response);
  };
  server.on("request", answer);
  // Who expects a 100 is told so when its body is wanted, and not when it is refused.
  server.on("checkContinue", answer);
  return {
    server,
    async close() {
      server.close();
      server.closeAllConnections();
      await programs?.close();
    },
  };
}
