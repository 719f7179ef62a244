/**
 * Long work in steps: who runs it can answer others in between, or give it up. A hover waits for a step, not for the
 * view of a million rows that was asked for before it.
 */

/** Yields at the latest after some milliseconds' work; true where somebody waits for what there is by now. */
export type Steps<T> = Generator<boolean | undefined, T>;

/** Elements of a plain array that are gone through in a step: a millisecond, or less. */
export const STEP = 1 << 15;
/** Rows in a step that looks up several facts of each: some milliseconds. */
export const ROWS_A_STEP = 1 << 13;
/** Steps are taken together for so long, ms: a pause costs a turn of the event loop. */
const SLICE_MS = 4;

let answerMeanwhile: () => void = () => undefined;

/** What `interlude` does: a question that takes no time is answered in the middle of others that know no pause. */
export function inInterludes(answer: () => void): void {
  answerMeanwhile = answer;
}

/** Called between some thousand rows by what goes over all of them in one go. */
export const interlude = (): void => answerMeanwhile();

/** Rows one after the other, with interludes. */
export function* paced(rows: Uint32Array): Generator<number> {
  for (let at = 0; at < rows.length; at++) {
    if (at % ROWS_A_STEP === ROWS_A_STEP - 1) interlude();
    yield rows[at]!;
  }
}

/** To the end, without a pause. */
export function finish<T>(steps: Steps<T>): T {
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
    interlude();
  }
}

/** To the end, with a pause after every few milliseconds, and where somebody waits for it. */
export async function run<T>(steps: Steps<T>, pause: () => Promise<void>): Promise<T> {
  for (let paused = Date.now(); ; ) {
    const step = steps.next();
    if (step.done) return step.value;
    if (!step.value && Date.now() - paused < SLICE_MS) continue;
    await pause();
    paused = Date.now();
  }
}

/** The ranges that `length` elements fall into, one a step. */
export function* inSteps(length: number, size: number, work: (from: number, to: number) => void): Steps<void> {
  for (let from = 0; from < length; from += size) {
    work(from, Math.min(length, from + size));
    yield;
  }
}
