/** One server log and one client log: their clocks, from the requests that both recorded. */
import { Aligner, type Alignment, type Exchanges } from "../model/alignment";
import { ExactAlignment, type Verified } from "../model/alignment/exact";
import type { LogPart } from "./log-part";
import { offsetOfBoot } from "./same-boot";

export interface PackedClockPair {
  server: number;
  client: number;
  samples: number;
  verified: Verified;
}

/** One exchange at a time: an exact alignment needs to keep none. */
const one: Exchanges = {
  sent: new Float64Array(1),
  received: new Float64Array(1),
  answered: new Float64Array(1),
  seen: new Float64Array(1),
};

export class ClockPair {
  samples = 0;
  /** While no request denies that the clock is shared; then nothing needs to be kept. */
  private exact: ExactAlignment | null;
  private readonly aligner: Aligner;

  constructor(
    readonly server: LogPart,
    readonly client: LogPart,
    private readonly denied = false,
  ) {
    const shared = offsetOfBoot(server, client);
    this.exact = shared === null || denied ? null : new ExactAlignment(shared);
    this.aligner = new Aligner({ grain: this.grain, shared });
  }

  /** The same two logs before their first pair; what was denied once stays so. */
  renewed(): ClockPair {
    return new ClockPair(this.server, this.client, this.denied || (this.exact === null && this.samples > 0));
  }

  /** Null where the clocks are not verified to be one: then they are learnt again. */
  pack(): PackedClockPair | null {
    const verified = this.exact?.verified;
    return verified
      ? { server: this.server.number, client: this.client.number, samples: this.samples, verified }
      : null;
  }

  unpack({ samples, verified }: PackedClockPair): void {
    this.samples = samples;
    this.exact?.resume(verified);
  }

  /** False where this exchange is the first to deny that the clock is shared: then all are wanted again. */
  add(sent: number, received: number, answered: number, seen: number): boolean {
    this.samples++;
    if (!this.exact) {
      this.aligner.add(sent, received, answered, seen);
      return true;
    }
    one.sent[0] = sent;
    one.received[0] = received;
    one.answered[0] = answered;
    one.seen[0] = seen;
    this.exact.extend(one, 0, this.grain);
    if (this.exact.violations.length === 0) return true;
    this.exact = null;
    return false;
  }

  get alignment(): Alignment {
    return this.exact ?? this.aligner.alignment;
  }

  /** Step of the coarser clock, µs. */
  get grain(): number {
    return Math.max(1, this.server.grain, this.client.grain);
  }
}
