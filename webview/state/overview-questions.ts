/** Asks for the strip of the whole session: its extremes in narrow buckets, its percentiles in wide ones. */
import type { Conversation } from "../host/conversation";
import { bounds, type PageState } from "./page-state";

/** Narrow buckets in a wide one. */
const COARSE = 8;
const FEWEST_BUCKETS = 160;

export class OverviewQuestions {
  buckets = 600;

  constructor(
    private readonly state: PageState,
    private readonly conversation: Conversation,
    private readonly changed: () => void,
    private readonly refused: (error: unknown) => void,
  ) {}

  ask(): void {
    const { state } = this;
    const session = state.session?.key;
    if (!session) return;
    const [from, to] = bounds(state);
    const ask = (buckets: number) => this.conversation.ask("overview", { session, from, to, buckets });
    // Ten requests in a thousand buckets would be ten hairs.
    const buckets = Math.min(this.buckets, Math.max(FEWEST_BUCKETS, state.session?.requests ?? 0));
    Promise.all([ask(buckets), ask(Math.ceil(buckets / COARSE))]).then(
      ([fine, coarse]) => {
        if (state.session?.key === session) state.overview = { fine, coarse };
        this.changed();
      },
      (error) => this.refused(error),
    );
  }
}
