/**
 * Locks by name, each with a queue in order of arrival. In a pool the table is the listener's, so that a lock survives no
 * worker: what a dead owner held or waited for is released at once. A name that nobody holds takes no memory.
 */
export interface Holding<Owner> {
  owner: Owner;
  granted(): void;
}

interface Entry<Owner> {
  capacity: number;
  holders: Set<Holding<Owner>>;
  waiting: Holding<Owner>[];
}

export class LockTable<Owner> {
  private readonly entries = new Map<string, Entry<Owner>>();

  /** Names that are held now. */
  get size(): number {
    return this.entries.size;
  }

  /** Calls `granted` when fewer than `capacity` hold the name, at once where that is so now. */
  acquire(name: string, capacity: number, holding: Holding<Owner>): void {
    let entry = this.entries.get(name);
    if (!entry) {
      entry = { capacity, holders: new Set(), waiting: [] };
      this.entries.set(name, entry);
    }
    entry.waiting.push(holding);
    this.grant(name, entry);
  }

  release(name: string, holding: Holding<Owner>): void {
    const entry = this.entries.get(name);
    if (!entry) return;
    entry.holders.delete(holding);
    entry.waiting = entry.waiting.filter((other) => other !== holding);
    this.grant(name, entry);
  }

  /** Everything of an owner that is gone. */
  releaseAll(owner: Owner): void {
    for (const [name, entry] of this.entries) {
      for (const holding of entry.holders) if (holding.owner === owner) entry.holders.delete(holding);
      entry.waiting = entry.waiting.filter((holding) => holding.owner !== owner);
      this.grant(name, entry);
    }
  }

  private grant(name: string, entry: Entry<Owner>): void {
    const granted = entry.waiting.splice(0, Math.max(0, entry.capacity - entry.holders.size));
    for (const holding of granted) entry.holders.add(holding);
    if (entry.holders.size === 0) this.entries.delete(name);
    for (const holding of granted) holding.granted();
  }
}
