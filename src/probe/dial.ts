/** Opens connections: name look-up, TCP, TLS, each with its stamps on the exchange that the connection is opened for. */
import { type LookupAddress, lookup } from "node:dns";
import { connect, isIP, type LookupFunction, type Socket } from "node:net";
import { connect as connectTls } from "node:tls";
import { now } from "../log/clock";
import type { Exchange } from "./exchange";

export interface DialOptions {
  /** Accept any certificate. */
  insecure?: boolean;
}

/** Names are looked up once; a dialler lives as long as one measurement. */
export class Dialler {
  private readonly names = new Map<string, LookupAddress[]>();

  constructor(private readonly options: DialOptions) {}

  /** Calls back once, with a connected socket or with what went wrong. Destroying the returned socket cancels. */
  dial(exchange: Exchange, done: (error: unknown, socket: Socket | null) => void): Socket {
    const { host, port, secure } = exchange.request.origin;
    let pending = true;
    const settle = (error: unknown, socket: Socket | null) => {
      if (!pending) return;
      pending = false;
      done(error, socket);
    };
    if (isIP(host)) exchange.connectStart = now();
    const socket = connect({ host, port, noDelay: true, autoSelectFamily: true, lookup: this.lookupFor(exchange) });
    socket.once("error", (error) => settle(error, null));
    socket.once("close", () => settle(new Error("the connection was closed while it was being opened"), null));
    socket.once("connect", () => {
      if (secure) this.secure(exchange, socket, settle);
      else {
        exchange.connectEnd = now();
        settle(null, socket);
      }
    });
    return socket;
  }

  private secure(exchange: Exchange, socket: Socket, settle: (error: unknown, socket: Socket | null) => void): void {
    const { host } = exchange.request.origin;
    exchange.secureConnectionStart = now();
    const secured = connectTls({
      socket,
      servername: isIP(host) ? undefined : host,
      ALPNProtocols: ["http/1.1"],
      rejectUnauthorized: !this.options.insecure,
    });
    secured.once("error", (error) => {
      settle(error, null);
      socket.destroy();
    });
    secured.once("secureConnect", () => {
      exchange.connectEnd = now();
      settle(null, secured);
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
