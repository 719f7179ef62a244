/** What happened inside a request: outgoing calls, measures and Server-Timing as its child spans. */
import type { Exchange } from "../exchange";
import type { Sources } from "../handlers/sources";
import { Context } from "./context";
import { observeMeasures } from "./measures";
import { observeOutgoing } from "./outgoing";

export class Children {
  private readonly context = new Context();
  private readonly undo: (() => void)[];

  constructor(sources: Sources | null) {
    this.undo = [observeOutgoing(this.context, sources), observeMeasures(this.context)];
  }

  /** The exchange's handler is about to be called. */
  enter(exchange: Exchange): void {
    this.context.enter(exchange);
  }

  uninstall(): void {
    for (const take of this.undo) take();
    this.context.stop();
  }
}
