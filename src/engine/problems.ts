/** Lines that could not be used: all counted, the first ten thousand kept. */
import type { Problem } from "../model/record";

const KEPT = 10_000;

export class Problems {
  private readonly kept: Problem[] = [];
  private count = 0;

  get total(): number {
    return this.count;
  }

  add(problem: Problem): void {
    this.count++;
    if (this.kept.length < KEPT) this.kept.push(problem);
  }

  restore(total: number, kept: readonly Problem[]): void {
    this.count = total;
    this.kept.push(...kept);
  }

  list(limit = KEPT): Problem[] {
    return this.kept.slice(0, limit);
  }
}
