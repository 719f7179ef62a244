/** What a peer may ask for, and how long it may take. Every wait has an end, so that no peer can hang a worker. */
export interface Limits {
  /** ms until the whole header is there, from its first byte (from the accept for a connection's first). */
  headerTimeout: number;
  /** ms without a byte of the body, and without a byte of the response taken. */
  idleTimeout: number;
  /** ms a kept-alive connection may wait for its next request. */
  keepAliveTimeout: number;
  /** ms a CGI program may take until it has ended, and a request may wait for its turn to start one. */
  cgiTimeout: number;
  /** ms a request may wait for a lock. */
  lockTimeout: number;
  /** Bytes a second that a body must reach, and a response be taken with, once `idleTimeout` has passed. */
  leastRate: number;
  headerBytes: number;
  headerCount: number;
  /** Characters of the request target. */
  targetLength: number;
  bodyBytes: number;
  connections: number;
  requestsPerConnection: number;
  /** CGI programs that run at the same time. */
  cgiChildren: number;
}

export const LIMITS: Limits = {
  headerTimeout: 10_000,
  idleTimeout: 10_000,
  keepAliveTimeout: 5_000,
  cgiTimeout: 30_000,
  lockTimeout: 30_000,
  leastRate: 500,
  headerBytes: 16 * 1024,
  headerCount: 100,
  targetLength: 8 * 1024,
  bodyBytes: 1024 ** 3,
  connections: 4_096,
  requestsPerConnection: 1_000,
  cgiChildren: 32,
};

/** How often node:http looks for connections over their time, ms: a slow peer is gone within its time-out and this. */
export const CHECK_INTERVAL = 500;
