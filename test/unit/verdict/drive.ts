/** Clients of a server with a fault: the built probe, and raw sockets where the client has the fault. */
import { execFile } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { connect } from "node:net";
import { setTimeout as later } from "node:timers/promises";
import { promisify } from "node:util";
import { CLI, ROOT } from "../cli/support";

const run = promisify(execFile);

/** Paths belong to the server. Resolves to the number of requests that were answered. */
export async function probe(
  url: URL,
  log: string,
  targets: readonly string[],
  options: readonly string[],
  environment: Record<string, string> = {},
): Promise<number> {
  const words = ["probe", ...targets, "--base", url.origin, "--log", log, ...options];
  await run(process.execPath, [CLI, ...words], { cwd: ROOT, env: { ...process.env, ...environment } });
  return readFileSync(log, "utf8").split('"responseEnd":').length - 1;
}

export interface Manners {
  /** ms to wait before the response is read. */
  pauseReading?: number;
  /** A header of this size, sent in pieces, with ms between two. */
  header?: { bytes: number; pieces: number; pause: number };
}

/** One request on a connection of its own; resolves when the server has closed it. */
export async function get(url: URL, path: string, { pauseReading, header }: Manners): Promise<void> {
  const socket = connect(Number(url.port), url.hostname);
  socket.setNoDelay();
  await once(socket, "connect");
  const large = header ? `X-Large: ${"x".repeat(header.bytes)}\r\n` : "";
  const request = `GET ${path} HTTP/1.1\r\nHost: ${url.host}\r\n${large}Connection: close\r\n\r\n`;
  const size = Math.ceil(request.length / (header?.pieces ?? 1));
  for (let at = 0; at < request.length; at += size) {
    if (at > 0) await later(header!.pause);
    socket.write(request.slice(at, at + size));
  }
  if (pauseReading) {
    await once(socket, "readable");
    await later(pauseReading);
  }
  socket.resume();
  await once(socket, "close");
}
