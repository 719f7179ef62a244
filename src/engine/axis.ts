/**
 * One axis for stamps of different clocks: that of the session's first client log, else of its first log. A log of the
 * same boot lies on it exactly; a server's by the offset to the client that it has most pairs with.
 */
import type { LogPart } from "./log-part";
import { offsetOfBoot } from "./same-boot";
import type { Store } from "./store";

export class Axis {
  private readonly shifts: { value: number; uncertainty: number }[];

  /** Computed for the clocks as they are known now. */
  constructor(private readonly store: Store) {
    const reference = store.parts.find((part) => part.role === "client") ?? store.parts[0];
    this.shifts = store.parts.map((part) => this.shift(part, reference));
  }

  /** What to subtract from the stamps of a log part; its uncertainty is NaN where the part cannot be aligned. */
  of(part: number): { value: number; uncertainty: number } {
    return this.shifts[part] ?? { value: 0, uncertainty: Number.NaN };
  }

  private shift(part: LogPart, reference: LogPart | undefined): { value: number; uncertainty: number } {
    if (reference === undefined || part === reference) return { value: 0, uncertainty: 0 };
    const client = part.role === "server" ? this.store.clocks.mainClient(part) : null;
    const toClient = client && this.store.clocks.offset(part, client);
    if (client && toClient) {
      const clientShift = Math.round(offsetOfBoot(client, reference) ?? 0);
      return { value: toClient.value + clientShift, uncertainty: toClient.uncertainty };
    }
    const exact = offsetOfBoot(part, reference);
    return exact === null ? { value: 0, uncertainty: Number.NaN } : { value: Math.round(exact), uncertainty: 1 };
  }
}
