/**
 * Answers within a deadline, to questions that may take longer: the question goes on, and who asks again has what it
 * brought.
 */

/** Questions whose answers are kept: about as many lines as a window shows. */
const MOST = 48;

interface Asked<T> {
  /** Undefined once it is answered. */
  asking: Promise<unknown> | undefined;
  answer?: { value: T; version: unknown };
}

export class TimelyAnswers<T> {
  /** By their keys, the latest last. */
  private readonly asked = new Map<string, Asked<T>>();

  /** @param late resolves when a question that was asked now has taken too long */
  constructor(private readonly late: () => Promise<void>) {}

  /**
   * The answer, or the one before where that is still as good; undefined where there is none yet. Rejects where asking
   * failed in time.
   * @param version what an answer is good for: while that is the same. Undefined while it changes all the time: then an
   *   earlier answer is better than none, and a new one better than that.
   */
  async get(key: string, version: () => unknown, ask: () => Promise<T>): Promise<T | undefined> {
    const asked: Asked<T> = this.asked.get(key) ?? { asking: undefined };
    this.asked.delete(key);
    this.asked.set(key, asked);
    for (const oldest of this.asked.keys()) if (this.asked.size > MOST) this.asked.delete(oldest);
    const known = (): T | undefined => (asked.answer?.version === version() ? asked.answer?.value : undefined);
    if (version() !== undefined && known() !== undefined) return known();
    asked.asking ??= ask()
      .then((value) => {
        asked.answer = { value, version: version() };
      })
      .finally(() => {
        asked.asking = undefined;
      });
    await Promise.race([asked.asking, this.late()]);
    return known();
  }
}
