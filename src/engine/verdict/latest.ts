/** The verdict as of late: a session that is followed is asked ten times a second. */
import { finish, type Steps } from "../steps";
import type { Store } from "../store";
import { type Verdict, verdictSteps } from "./verdict";

/** Grown by this factor since, a session is judged anew: following a recording costs O(1) a request. */
const GROWN = 1.1;

export class LatestVerdict {
  private latest: Verdict | null = null;
  private judged = -1;
  private wasRecording = false;

  constructor(private readonly store: Store) {}

  get(): Verdict | null {
    finish(this.renew());
    return this.latest;
  }

  /** Where it is not of late. */
  *renew(): Steps<void> {
    const { rows, recording } = this.store;
    const { requests } = rows;
    if (this.judged >= 0 && requests <= GROWN * this.judged && recording === this.wasRecording) return;
    this.latest = yield* verdictSteps(this.store);
    this.judged = requests;
    this.wasRecording = recording;
  }
}
