/**
 * Chromium's traces: Perfetto's protobuf, https://perfetto.dev/docs/reference/trace-packet-proto. Read are track events with
 * JSON parameters, as the category `netlog` has them; the JSON form of the same trace has lost which track an event is on.
 */

/** An event of the net log. */
export interface TraceEvent {
  /** µs, monotonic. */
  time: number;
  /** Empty for the end of a slice, which has none. */
  name: string;
  /** The source that it is of: unique within the trace. */
  track: string;
  /** JSON. */
  params: string;
}

/** Fields' numbers, of those messages that are read or written. */
const PACKET = { clocks: 6, timestamp: 8, sequence: 10, event: 11, interned: 12, flags: 13, clock: 58, defaults: 59 };
const EVENT = { annotation: 4, type: 9, nameId: 10, track: 11 };
const CLOCK = { id: 1, time: 2, isIncremental: 3, unit: 4 };
const INTERNED = { names: 2, id: 1, text: 2 };
const JSON_VALUE = 9;
const SNAPSHOT_CLOCK = 1;
const SLICE_END = 2;
const STATE_CLEARED = 1;
const MONOTONIC = 3;

interface Clock {
  /** ns. */
  time: number;
  isIncremental: boolean;
  /** ns. */
  unit: number;
}

/** What a thread's packets refer to. */
interface Sequence {
  clocks: Map<number, Clock>;
  defaultClock: number;
  names: Map<number, string>;
}

const BASE_CLOCK: Clock = { time: 0, isIncremental: false, unit: 1 };
const newSequence = (): Sequence => ({ clocks: new Map([[MONOTONIC, BASE_CLOCK]]), defaultClock: 0, names: new Map() });

/** In the order of each thread. Throws for what is no trace. */
export function* traceEvents(trace: Buffer): Generator<TraceEvent> {
  const sequences = new Map<number, Sequence>();
  for (const [, bytes] of fields(trace)) {
    const packet = message(bytes);
    const id = natural(packet.get(PACKET.sequence));
    const isNew = (natural(packet.get(PACKET.flags)) & STATE_CLEARED) !== 0;
    const sequence = (isNew ? undefined : sequences.get(id)) ?? newSequence();
    sequences.set(id, sequence);
    refer(sequence, packet);
    const time = timeOf(sequence, packet);
    const event = packet.get(PACKET.event);
    if (event) yield eventOf(sequence, time, event);
  }
}

function refer(sequence: Sequence, packet: Message): void {
  for (const [kind, bytes] of fields(packet.get(PACKET.clocks))) {
    if (kind !== SNAPSHOT_CLOCK) continue;
    const clock = message(bytes);
    const unit = natural(clock.get(CLOCK.unit)) || 1;
    sequence.clocks.set(natural(clock.get(CLOCK.id)), {
      time: natural(clock.get(CLOCK.time)) * unit,
      isIncremental: natural(clock.get(CLOCK.isIncremental)) === 1,
      unit,
    });
  }
  const defaults = packet.get(PACKET.defaults);
  if (defaults) sequence.defaultClock = natural(message(defaults).get(PACKET.clock));
  for (const [kind, bytes] of fields(packet.get(PACKET.interned))) {
    if (kind !== INTERNED.names) continue;
    const entry = message(bytes);
    sequence.names.set(natural(entry.get(INTERNED.id)), String(entry.get(INTERNED.text) ?? ""));
  }
}

/** µs. */
function timeOf({ clocks, defaultClock }: Sequence, packet: Message): number {
  const clock = clocks.get(natural(packet.get(PACKET.clock)) || defaultClock);
  if (!clock) return 0;
  const time = natural(packet.get(PACKET.timestamp)) * clock.unit;
  if (!clock.isIncremental) return time / 1000;
  clock.time += time;
  return clock.time / 1000;
}

function eventOf({ names }: Sequence, time: number, bytes: Buffer): TraceEvent {
  let name = "";
  let track = "";
  let params = "{}";
  let isEnd = false;
  for (const [kind, value] of fields(bytes)) {
    if (kind === EVENT.type) isEnd = natural(value) === SLICE_END;
    else if (kind === EVENT.nameId) name = names.get(natural(value)) ?? "";
    // Not as a number: it has 64 bits.
    else if (kind === EVENT.track) track = value.toString("latin1");
    else if (kind === EVENT.annotation) params = String(message(value).get(JSON_VALUE) ?? params);
  }
  return { time, name: isEnd ? "" : name, track, params };
}

type Message = Map<number, Buffer>;

/** Where a field is there several times, the last one. */
const message = (bytes: Buffer): Message => new Map(fields(bytes));

/** Each field's number, and its bytes: a number's as they are written. */
function* fields(bytes: Buffer = Buffer.alloc(0)): Generator<[number, Buffer]> {
  for (let at = 0; at < bytes.length; ) {
    let end = endOfNatural(bytes, at);
    const key = natural(bytes.subarray(at, end));
    at = end;
    const wire = key & 7;
    if (wire === 1 || wire === 5) end += wire === 1 ? 8 : 4;
    else end = endOfNatural(bytes, at);
    if (wire === 2) {
      const length = natural(bytes.subarray(at, end));
      at = end;
      end += length;
    }
    if (end > bytes.length) throw new Error("the trace is torn");
    yield [key >>> 3, bytes.subarray(at, end)];
    at = end;
  }
}

function endOfNatural(bytes: Buffer, at: number): number {
  while (bytes[at]! >= 0x80) at++;
  return at + 1;
}

/** 0 where there is none. */
function natural(bytes: Buffer | undefined): number {
  let value = 0;
  for (let at = (bytes?.length ?? 0) - 1; at >= 0; at--) value = value * 128 + (bytes![at]! & 0x7f);
  return value;
}

/** A message of fields that are numbers, texts or messages. */
export function encode(...parts: [number, number | string | Buffer][]): Buffer {
  return Buffer.concat(
    parts.flatMap(([field, value]) => {
      if (typeof value === "number") return [encodeNatural(field * 8), encodeNatural(value)];
      const bytes = Buffer.from(value as string);
      return [encodeNatural(field * 8 + 2), encodeNatural(bytes.length), bytes];
    }),
  );
}

function encodeNatural(value: number): Buffer {
  const bytes: number[] = [];
  for (; value >= 0x80; value = Math.floor(value / 128)) bytes.push((value % 128) | 0x80);
  return Buffer.from([...bytes, value]);
}
