/** Proxies from the environment, as curl reads it: `http_proxy`, `HTTPS_PROXY`, `NO_PROXY`. This machine needs none. */
import type { Socket } from "node:net";
import { endpointText, GivenUp, sentence } from "./failure";
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
    // The address may hold a password.
    throw new GivenUp("the address of the environment's proxy is none; one looks like http://host:port", "failed");
  }
  if (url.protocol !== "http:") throw new GivenUp(`a proxy of the kind ${url.protocol}// is not supported`, "failed");
  return {
    host: url.hostname.replace(/^\[(.*)\]$/, "$1"),
    port: Number(url.port) || 80,
    authorization: url.username ? authorizationOf(url) : undefined,
  };
}

function authorizationOf({ username, password }: URL): string {
  try {
    const user = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
    return `Basic ${Buffer.from(user).toString("base64")}`;
  } catch {
    throw new GivenUp("the user or password of the environment's proxy has a % that begins no %XX", "failed");
  }
}

/** What went wrong on the way to the proxy, which is not the server's fault. */
export const proxyFailure = (error: unknown, proxy: HttpProxy): GivenUp =>
  error instanceof GivenUp
    ? error
    : new GivenUp(`no way through the environment's proxy: ${sentence(error, proxy)}`, "failed");

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
  const authority = endpointText(origin);
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
      if (status < 200 || status > 299) throw new GivenUp(refusal(status, proxy, authority), "failed");
      // TLS speaks first on the client's side: nothing can have come behind the head.
      done(null);
    } catch (error) {
      done(error);
    }
  };
  socket.on("data", receive);
  socket.write(`CONNECT ${authority} HTTP/1.1\r\nHost: ${authority}\r\n${authorization}\r\n`, "latin1");
}

function refusal(status: number, proxy: HttpProxy, authority: string): string {
  const where = `the proxy ${endpointText(proxy)}`;
  if (status !== 407) return `${where} does not open the way to ${authority}: it answers ${status}`;
  return proxy.authorization
    ? `${where} does not take the user and password that the environment gives (407)`
    : `${where} wants a user and a password (407): http://user:password@… in the environment`;
}
