/** The verdict as of late: a session that is followed is asked ten times a second. */
import type { Store } from "../store";
import { type Verdict, verdictOf } from "./verdict";

/** Grown by this factor since, a session is judged anew: following a recording costs O(1) a request. */
const GROWN = 1.1;

export class LatestVerdict {
  private latest: Verdict | null = null;
  private judged = -1;
  private wasRecording = false;

  constructor(private readonly store: Store) {}

  get(): Verdict | null {
    const { rows, recording } = this.store;
    if (this.judged < 0 || rows.requests > GROWN * this.judged || recording !== this.wasRecording) {
      this.latest = verdictOf(this.store);
      this.judged = rows.requests;
      this.wasRecording = recording;
    }
    return this.latest;
  }
}
