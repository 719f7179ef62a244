/** Opens connections: name look-up, TCP, TLS, each with its stamps on the exchange that the connection is opened for. */
import { type LookupAddress, lookup } from "node:dns";
import { connect, isIP, type LookupFunction, type Socket } from "node:net";
import { connect as connectTls } from "node:tls";
import { now } from "../log/clock";
import type { Exchange } from "./exchange";
import { endpointText, GivenUp } from "./failure";
import { type HttpProxy, openTunnel, proxyFailure, proxyFor } from "./proxy";

/** Which HTTP to speak: 2 where the server offers it in TLS, always 1.1, or always 2. */
export type HttpVersion = "auto" | "1.1" | "2";

export interface DialOptions {
  /** Accept any certificate. */
  insecure?: boolean;
  http: HttpVersion;
}

/** A connected socket, and what is spoken on it. */
export interface Line {
  socket: Socket;
  http2: boolean;
  /** The far end is a proxy that takes whole URLs. */
  proxy: HttpProxy | null;
  /** Where the bytes come from in place of 'data' events. */
  reader?: Reader;
}

/** Gets the bytes of a plain socket, valid during the call. */
export interface Reader {
  receive(bytes: Buffer): void;
}

/** All plain sockets read into the same memory: what is read is dealt with before the next socket is read. */
const READ_BUFFER = Buffer.allocUnsafeSlow(64 * 1024);
const NOBODY: Reader["receive"] = () => {};

const PROTOCOLS: Record<HttpVersion, string[]> = { auto: ["h2", "http/1.1"], "1.1": ["http/1.1"], "2": ["h2"] };

/** Names are looked up once; a dialler lives as long as one measurement. */
export class Dialler {
  private readonly names = new Map<string, LookupAddress[]>();

  constructor(private readonly options: DialOptions) {}

  /** Calls back once, with a connection or with what went wrong. Destroying the returned socket cancels. */
  dial(exchange: Exchange, done: (error: unknown, line: Line | null) => void): Socket | null {
    const { origin } = exchange.request;
    let pending = true;
    const settle = (error: unknown, line: Line | null) => {
      if (!pending) return;
      pending = false;
      done(error, line);
    };
    let proxy: HttpProxy | null;
    try {
      proxy = proxyFor(origin);
    } catch (error) {
      setImmediate(settle, error, null);
      return null;
    }
    const { host, port } = proxy ?? origin;
    if (isIP(host)) exchange.connectStart = now();
    const lookup = this.lookupFor(exchange);
    const http2 = this.options.http === "2";
    const reader = origin.secure || http2 ? undefined : { receive: NOBODY };
    const onread = reader && {
      buffer: READ_BUFFER,
      callback(length: number, bytes: Uint8Array) {
        reader.receive((bytes as Buffer).subarray(0, length));
        return true;
      },
    };
    // Until the way to the server is open, what goes wrong is the proxy's.
    let onTheWay = proxy;
    const fail = (error: unknown) => settle(onTheWay ? proxyFailure(error, onTheWay) : error, null);
    const socket = connect({ host, port, noDelay: true, autoSelectFamily: true, lookup, onread });
    socket.once("error", fail);
    socket.once("close", () => fail(new Error("the connection was closed while it was being opened")));
    socket.once("connect", () => {
      if (!origin.secure) {
        exchange.connectEnd = now();
        settle(null, { socket, http2, proxy, reader });
      } else if (proxy)
        openTunnel(socket, proxy, origin, (error) => {
          if (error === null) {
            onTheWay = null;
            this.secure(exchange, socket, settle);
          } else {
            fail(error);
            socket.destroy();
          }
        });
      else this.secure(exchange, socket, settle);
    });
    return socket;
  }

  private secure(exchange: Exchange, socket: Socket, settle: (error: unknown, line: Line | null) => void): void {
    const { host } = exchange.request.origin;
    exchange.secureConnectionStart = now();
    const secured = connectTls({
      socket,
      servername: isIP(host) ? undefined : host,
      ALPNProtocols: PROTOCOLS[this.options.http],
      rejectUnauthorized: !this.options.insecure,
    });
    secured.once("error", (error) => {
      settle(error, null);
      socket.destroy();
    });
    secured.once("secureConnect", () => {
      exchange.connectEnd = now();
      const http2 = secured.alpnProtocol === "h2";
      if (http2 || this.options.http !== "2") return settle(null, { socket: secured, http2, proxy: null });
      settle(new GivenUp(`${endpointText(exchange.request.origin)} does not offer HTTP/2`, "failed"), null);
      socket.destroy();
    });
  }

  private lookupFor(exchange: Exchange): LookupFunction {
    return (host, options, callback) => {
      const answer = (addresses: LookupAddress[]) => {
        exchange.connectStart = now();
        if (options.all) callback(null, addresses);
        else callback(null, addresses[0]!.address, addresses[0]!.family);
      };
      const known = this.names.get(host);
      if (known) return answer(known);
      exchange.domainLookupStart = now();
      lookup(host, { all: true }, (error, addresses) => {
        exchange.domainLookupEnd = now();
        if (error) return callback(error, "", 0);
        this.names.set(host, addresses);
        answer(addresses);
      });
    };
  }
}
