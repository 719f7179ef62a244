/** Records of both sides under one key (an id, or a place on a connection): nearly always one and one. */
import type { Role } from "../model/record";
import { Column, type PackedColumn } from "./column";
import { isUnknown } from "./known";
import type { Packer, Unpacker } from "./packing";
import type { Pages } from "./pages";
import { NO_RECORD } from "./rows";

/** In order of arrival. */
type Members = Record<Role, Set<number>>;

export interface PackedGroups {
  columns: [client: PackedColumn, server: PackedColumn];
  crowded: [key: number, members: Record<Role, number[]>][];
}

export class Groups {
  private readonly first = { client: new Column("u32"), server: new Column("u32") };
  /** Only the keys under which one side has several. */
  private readonly crowded = new Map<number, Members>();

  get bytes(): number {
    return this.first.client.bytes + this.first.server.bytes + this.crowded.size * 200;
  }

  /** The first of `keys` go to a file. */
  release(pages: Pages, keys: number): void {
    this.first.client.release(keys, pages);
    this.first.server.release(keys, pages);
  }

  /** `keys`: how many there are. */
  pack(out: Packer, keys: number): PackedGroups {
    return {
      columns: [this.first.client.pack(out, keys), this.first.server.pack(out, keys)],
      crowded: Array.from(this.crowded, ([key, { client, server }]) => [
        key,
        { client: [...client], server: [...server] },
      ]),
    };
  }

  unpack({ columns: [client, server], crowded }: PackedGroups, from: Unpacker): void {
    this.first.client.unpack(client, from);
    this.first.server.unpack(server, from);
    for (const [key, members] of crowded)
      this.crowded.set(key, { client: new Set(members.client), server: new Set(members.server) });
  }

  /** True where the key now has several records on one side. */
  add(key: number, side: Role, record: number): boolean {
    const crowd = this.crowded.size > 0 ? this.crowded.get(key) : undefined;
    if (crowd) {
      crowd[side].add(record);
      return true;
    }
    const first = this.first[side].get(key);
    if (Number.isNaN(first)) {
      this.first[side].set(key, record);
      return false;
    }
    if (first === record) return false;
    const members = { client: new Set(this.members(key, "client")), server: new Set(this.members(key, "server")) };
    members[side].add(record);
    this.crowded.set(key, members);
    return true;
  }

  /** Enters a record under each key; false, and nothing is entered, where one of them has or gets several on a side. */
  addAll(keys: Uint32Array, side: Role, records: Uint32Array): boolean {
    const first = this.first[side];
    if (this.crowded.size > 0 && keys.some((key) => this.crowded.has(key))) return false;
    if (!isUnknown(first.gather(keys))) return false;
    for (let at = 0; at < keys.length; at++) first.set(keys[at]!, records[at]!);
    const entered = first.gather(keys);
    // A key that is here twice has the last one's record.
    if (entered.every((record, at) => record === records[at])) return true;
    for (const key of keys) first.set(key, Number.NaN);
    return false;
  }

  isCrowded(key: number): boolean {
    return this.crowded.has(key);
  }

  count(key: number, side: Role): number {
    return this.crowded.get(key)?.[side].size ?? (Number.isNaN(this.first[side].get(key)) ? 0 : 1);
  }

  /** A side's record under a key that is not crowded; NaN where there is none. */
  only(key: number, side: Role): number {
    return this.first[side].get(key);
  }

  /** The same of many; NO_RECORD where there is none. */
  onlyAll(keys: Uint32Array, side: Role): Uint32Array {
    return this.first[side].gatherNumbers(keys, NO_RECORD);
  }

  /** In order of arrival. */
  members(key: number, side: Role): number[] {
    const crowd = this.crowded.get(key);
    if (crowd) return [...crowd[side]];
    const first = this.first[side].get(key);
    return Number.isNaN(first) ? [] : [first];
  }
}

export interface PackedPairKeys {
  count: number;
  a: number;
  b: number;
}

/** Pairs of numbers ⇄ small numbers, as `Interner` does for strings: (connection, ordinal) → key. */
export class PairKeys {
  private a = new Uint32Array(256);
  private b = new Uint32Array(256);
  private count = 0;
  /** Open addressing; 0 is empty, else number + 1. */
  private slots = new Uint32Array(512);

  get bytes(): number {
    return this.a.byteLength + this.b.byteLength + this.slots.byteLength;
  }

  key(a: number, b: number): number {
    const mask = this.slots.length - 1;
    let slot = mix(a, b) & mask;
    for (let held = this.slots[slot]!; held !== 0; held = this.slots[slot]!) {
      if (this.a[held - 1] === a && this.b[held - 1] === b) return held - 1;
      slot = (slot + 1) & mask;
    }
    const number = this.count++;
    if (this.count > this.a.length) {
      this.a = doubled(this.a);
      this.b = doubled(this.b);
    }
    this.a[number] = a;
    this.b[number] = b;
    this.slots[slot] = number + 1;
    if (this.count * 2 > this.slots.length) this.rehash();
    return number;
  }

  /** How many keys there are. */
  get size(): number {
    return this.count;
  }

  pack(out: Packer): PackedPairKeys {
    const { count } = this;
    return { count, a: out.put(this.a.subarray(0, count)), b: out.put(this.b.subarray(0, count)) };
  }

  unpack({ count, a, b }: PackedPairKeys, from: Unpacker): void {
    for (let key = 0; key < count; key++) this.key(from.take(a)[key]!, from.take(b)[key]!);
  }

  /** The pair that a key stands for. */
  pair(key: number): readonly [a: number, b: number] {
    return [this.a[key]!, this.b[key]!];
  }

  private rehash(): void {
    const slots = new Uint32Array(this.slots.length * 2);
    const mask = slots.length - 1;
    for (let number = 0; number < this.count; number++) {
      let slot = mix(this.a[number]!, this.b[number]!) & mask;
      while (slots[slot] !== 0) slot = (slot + 1) & mask;
      slots[slot] = number + 1;
    }
    this.slots = slots;
  }
}

function mix(a: number, b: number): number {
  const mixed = Math.imul(a ^ (b << 16) ^ (b >>> 16), 0x9e3779b1) ^ Math.imul(b, 0x85ebca6b);
  return (mixed ^ (mixed >>> 15)) >>> 0;
}

function doubled(old: Uint32Array<ArrayBuffer>): Uint32Array<ArrayBuffer> {
  const bigger = new Uint32Array(old.length * 2);
  bigger.set(old);
  return bigger;
}
