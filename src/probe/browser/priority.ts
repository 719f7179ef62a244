/**
 * A browser gives the threads that draw a higher priority (nice -8) where the system lets it, which is to say as root. Then
 * they hold up its own network service and the server beside it. No user's browser may do so, and so ours may not.
 */
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";

/** CAP_SYS_NICE, capabilities(7). */
const SYS_NICE = 1n << 23n;
const WITHOUT = ["--bounding-set=-sys_nice", "--inh-caps=-sys_nice", "--"];

function mayRaise(): boolean {
  try {
    const rights = /^CapEff:\s*([0-9a-f]+)$/m.exec(readFileSync("/proc/self/status", "latin1"))?.[1];
    return rights !== undefined && (BigInt(`0x${rights}`) & SYS_NICE) !== 0n;
  } catch {
    // Only Linux tells, and only there it matters.
    return false;
  }
}

/** What runs `program` without the right to raise a priority (util-linux's setpriv); `program` itself where that is not to be had. */
export function atUsersPriority(program: string): [program: string, ...words: string[]] {
  if (!mayRaise()) return [program];
  try {
    execFileSync("setpriv", [...WITHOUT, "setpriv", "--version"], { stdio: "ignore" });
    return ["setpriv", ...WITHOUT, program];
  } catch {
    return [program];
  }
}
