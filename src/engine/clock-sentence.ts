/** What is known of the clocks, in one sentence for the panel; null where there is nothing to say. */
import type { ClockRelation } from "../model/clock";

export function clockSentence(clocks: readonly ClockRelation[]): string | null {
  if (clocks.length === 0) return null;
  const epochs = clocks.flatMap((relation) => relation.epochs);
  if (epochs.every((epoch) => epoch.quality === "exact")) return "Client and server share one clock (same boot).";
  const doubtful = clocks.find((relation) => relation.epochs.some((epoch) => epoch.quality === "approximate"));
  if (doubtful)
    return `The clocks of ${doubtful.server} and ${doubtful.client} contradict each other: ${doubtful.method}.`;
  const widest = Math.max(...epochs.map((epoch) => epoch.uncertainty));
  const unknown = epochs.some((epoch) => epoch.quality === "none");
  return unknown
    ? "The clocks of client and server cannot be aligned: too few pairs with both directions."
    : `The clocks are aligned by bounds from the requests themselves, to ± ${(widest / 1000).toFixed(3)} ms.`;
}
