/**
 * The process's clock: monotonic, with one wall-clock anchor (DESIGN section 1). A stamp is `now()`; two processes of
 * one boot and time namespace are joined by the monotonic side of their anchors, never by the wall side.
 */
import { readFileSync, readlinkSync } from "node:fs";
import type { Anchor } from "../model/record";

const originMicros = Math.round(performance.timeOrigin * 1000);

/** A `performance.now()` value (ms) as a stamp. */
export const stamp = (milliseconds: number): number => originMicros + Math.round(milliseconds * 1000);

/** A CLOCK_MONOTONIC reading in ns (process.hrtime) as a stamp. */
export const stampOfMono = (nanoseconds: bigint): number =>
  originMicros + Math.round(Number(nanoseconds - monoAtOrigin) / 1000);

/** CLOCK_MONOTONIC at `performance.timeOrigin`, ns: the tightest of a few readings, good to well under 1 µs. */
function measureMonoAtOrigin(): bigint {
  let best = 0n;
  let width = Number.POSITIVE_INFINITY;
  for (let i = 0; i < 8; i++) {
    const before = performance.now();
    const mono = process.hrtime.bigint();
    const after = performance.now();
    if (after - before < width) {
      width = after - before;
      best = mono - BigInt(Math.round(((before + after) / 2) * 1e6));
    }
  }
  return best;
}

const monoAtOrigin = measureMonoAtOrigin();
const monoMicros = Number(monoAtOrigin) / 1000;
const { hrtime } = process;

/**
 * Now, in integer µs since the epoch, monotonic. Costs about 60 ns: `performance.now()` is looked up, and checks what it is
 * called on, by functions that take as long again and twice that where the processor has not run them lately.
 */
export function now(): number {
  const [seconds, nanoseconds] = hrtime();
  return originMicros + Math.round(seconds * 1_000_000 + nanoseconds / 1000 - monoMicros);
}

/** The anchor of all stamps of this thread: both sides are the instant of `performance.timeOrigin`. */
export const ANCHOR: Anchor = { wall: originMicros, mono: monoAtOrigin.toString() };

/** Readings further apart than this (ms) were torn apart by a pre-emption: no step of the wall clock. */
const TORN_MS = 1;

/** By how many µs the wall clock is now ahead of the stamps: 0 until it is stepped or slewed. */
export function wallAhead(): number {
  let ahead = 0;
  for (let attempt = 0; attempt < 8; attempt++) {
    const before = performance.now();
    const wall = Date.now();
    const after = performance.now();
    ahead = Math.round((wall - performance.timeOrigin - before) * 1000);
    if (after - before < TORN_MS) break;
  }
  return ahead;
}

function read(get: () => string): string | undefined {
  try {
    return get().trim() || undefined;
  } catch {
    return undefined;
  }
}

/** Identity of the machine's boot; undefined where the system tells none (then nothing is taken for the same boot). */
export const bootId = (): string | undefined => read(() => readFileSync("/proc/sys/kernel/random/boot_id", "latin1"));

/** Identity of the time namespace: CLOCK_MONOTONIC differs between namespaces. */
export const timeNamespace = (): string | undefined =>
  read(() => /\d+/.exec(readlinkSync("/proc/self/ns/time"))?.[0] ?? "");
