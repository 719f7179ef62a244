/** What a probe does not do to somebody else's server unless it is told that it may. */
import { BlockList, isIP } from "node:net";

const MAX_FOREIGN_CONNECTIONS = 50;
export const MAX_FOREIGN_RATE = 2_000;

const loopback = new BlockList();
loopback.addSubnet("127.0.0.0", 8, "ipv4");
loopback.addAddress("::1", "ipv6");
loopback.addSubnet("::ffff:127.0.0.0", 104, "ipv6");

/** By the name alone: what a name server says may change. `host` as in an Origin. */
export function isLoopback(host: string): boolean {
  const family = isIP(host);
  if (family) return loopback.check(host, family === 6 ? "ipv6" : "ipv4");
  return host === "localhost" || host.endsWith(".localhost");
}

/** Throws where the load is too much for a host that is not this machine. */
export function checkLimits(hosts: Iterable<string>, connections: number, rate: number | undefined): void {
  for (const host of hosts) {
    if (isLoopback(host)) continue;
    const told = `${host} is not this machine: --i-own-this-host says that you may`;
    if (connections > MAX_FOREIGN_CONNECTIONS)
      throw new Error(`more than ${MAX_FOREIGN_CONNECTIONS} connections are refused; ${told}`);
    if (rate !== undefined && rate > MAX_FOREIGN_RATE)
      throw new Error(`more than ${MAX_FOREIGN_RATE} requests/s are refused; ${told}`);
  }
}

/** As many at once as come due between two looks of the timers, which know whole milliseconds. */
const AT_ONCE = 20;
/** µs. With those at once, no second has more than the limit. */
const DISTANCE = Math.ceil(1e6 / (MAX_FOREIGN_RATE - AT_ONCE));

/** At most so many requests in any one second to somebody else's server, evenly spread. */
export class Pace {
  /** When the next one would be due if all came evenly, µs. */
  private due = 0;

  /** ms to wait before the next request is asked for again; 0: it may go now, and counts. */
  wait(time: number): number {
    const early = this.due - time - (AT_ONCE - 1) * DISTANCE;
    if (early > 0) return Math.ceil(early / 1000);
    this.due = Math.max(this.due, time) + DISTANCE;
    return 0;
  }
}
