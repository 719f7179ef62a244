/** Proxies from the environment, as curl reads it: `http_proxy`, `HTTPS_PROXY`, `NO_PROXY`. This machine needs none. */
import type { Socket } from "node:net";
import { GivenUp } from "./failure";
import { parseHead } from "./http1/head";
import { isLoopback } from "./load/limits";
import type { Origin } from "./origin";

export interface HttpProxy {
  host: string;
  port: number;
  /** Value of Proxy-Authorization, where the address has a user. */
  authorization?: string;
}

const MAX_HEAD_BYTES = 64 * 1024;

/** Null where the origin is asked directly. Throws in words where the environment names no proxy that can be used. */
export function proxyFor(origin: Origin, env: NodeJS.ProcessEnv = process.env): HttpProxy | null {
  // HTTP_PROXY in capitals may come from a request's header in a CGI program (httpoxy): curl does not read it either.
  const address =
    (origin.secure ? (env.https_proxy ?? env.HTTPS_PROXY) : env.http_proxy) || env.all_proxy || env.ALL_PROXY;
  if (!address || isLoopback(origin.host) || isExempt(origin, env.no_proxy ?? env.NO_PROXY ?? "")) return null;
  let url: URL;
  try {
    url = new URL(address.includes("://") ? address : `http://${address}`);
  } catch {
    throw new GivenUp(`the environment's proxy, ${address}, is no address`, "failed");
  }
  if (url.protocol !== "http:") throw new GivenUp(`a proxy of the kind ${url.protocol}// is not supported`, "failed");
  const user = `${decodeURIComponent(url.username)}:${decodeURIComponent(url.password)}`;
  return {
    host: url.hostname.replace(/^\[(.*)\]$/, "$1"),
    port: Number(url.port) || 80,
    authorization: url.username ? `Basic ${Buffer.from(user).toString("base64")}` : undefined,
  };
}

/** `example.org` and `.example.org` stand for the host and all below it; `*` for all. */
function isExempt({ host, port }: Origin, list: string): boolean {
  return list.split(/[\s,]+/).some((entry) => {
    const [name = "", only] = entry
      .toLowerCase()
      .replace(/^\*?\./, "")
      .split(/:(?=\d+$)/);
    if (name === "" || (only !== undefined && Number(only) !== port)) return false;
    return name === "*" || host === name || host.endsWith(`.${name}`);
  });
}

/** Asks the proxy for a tunnel to the origin; calls back once, with null or what went wrong. */
export function openTunnel(socket: Socket, proxy: HttpProxy, origin: Origin, done: (error: unknown) => void): void {
  const authority = `${origin.host.includes(":") ? `[${origin.host}]` : origin.host}:${origin.port}`;
  const authorization = proxy.authorization ? `Proxy-Authorization: ${proxy.authorization}\r\n` : "";
  let answer = Buffer.alloc(0);
  const receive = (bytes: Buffer) => {
    answer = Buffer.concat([answer, bytes]);
    const end = answer.indexOf("\r\n\r\n");
    if (end < 0 && answer.length < MAX_HEAD_BYTES) return;
    socket.off("data", receive);
    socket.pause();
    try {
      const { status } = parseHead(answer.toString("latin1", 0, end + 4));
      if (status < 200 || status > 299)
        throw new GivenUp(`the proxy ${proxy.host}:${proxy.port} refuses the way to ${authority}: ${status}`, "failed");
      // TLS speaks first on the client's side: nothing can have come behind the head.
      done(null);
    } catch (error) {
      done(error);
    }
  };
  socket.on("data", receive);
  socket.write(`CONNECT ${authority} HTTP/1.1\r\nHost: ${authority}\r\n${authorization}\r\n`, "latin1");
}
