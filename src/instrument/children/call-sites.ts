/**
 * The lines of user code that outgoing calls come from. A stack costs some 40 µs: the first calls of a kind (the calling
 * request's route or path, and the call's own) have theirs taken, the others share it.
 */
import type { Exchange } from "../exchange";
import { userFrames } from "../handlers/frames";
import type { Sources } from "../handlers/sources";
import { shapeOf } from "../shape";

const FIRST = 2;
const THEN_ONE_IN = 128;
/** Kinds are told apart by what clients send: they must not grow without limit. */
const MOST_KINDS = 1_000;
const CONFIDENCE = 0.9;

interface Kind {
  seen: number;
  source: number;
}

export class CallSites {
  private readonly kinds = new Map<string, Kind>();
  /** The last call's kind, and what it is of: to tell it again from its names is most of what a call costs. */
  private last: Kind | null = null;
  private lastMethod = "";
  private lastTarget = "";
  private lastName = "";

  constructor(private readonly sources: Sources | null) {}

  /** A call is about to be made, out of sight. */
  note(exchange: Exchange): void {
    exchange.announced = this.sourceOf(this.kindOf(`fetch ${exchange.method} ${shapeOf(exchange.target)}`));
  }

  /** Id of the source record of a call of this name; 0 where it is not known. */
  take(exchange: Exchange, name: string): number {
    const { announced } = exchange;
    exchange.announced = -1;
    if (announced >= 0) return announced;
    const { method, target } = exchange;
    if (name !== this.lastName || target !== this.lastTarget || method !== this.lastMethod) {
      this.last = this.kindOf(`${method} ${shapeOf(target)} ${shapeOf(name)}`);
      this.lastMethod = method;
      this.lastTarget = target;
      this.lastName = name;
    }
    return this.sourceOf(this.last);
  }

  private kindOf(key: string): Kind | null {
    let kind = this.kinds.get(key);
    if (!kind) {
      if (this.kinds.size >= MOST_KINDS) return null;
      kind = { seen: 0, source: 0 };
      this.kinds.set(key, kind);
    }
    return kind;
  }

  private sourceOf(kind: Kind | null): number {
    const { sources } = this;
    if (!sources || !kind) return 0;
    if (kind.seen++ < FIRST || kind.seen % THEN_ONE_IN === 0) {
      const [innermost] = userFrames();
      if (innermost) kind.source = sources.ofFrame(innermost, CONFIDENCE);
    }
    return kind.source;
  }
}
