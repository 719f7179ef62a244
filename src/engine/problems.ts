/** Lines that could not be used: all counted, the first ten thousand kept. */
import type { Problem } from "../model/record";

const KEPT = 10_000;

export class Problems {
  private readonly kept: Problem[] = [];
  private count = 0;
  /** What the records that are known now cannot explain; later ones may. */
  private open: readonly Problem[] = [];

  get total(): number {
    return this.count + this.open.length;
  }

  add(problem: Problem): void {
    this.count++;
    if (this.kept.length < KEPT) this.kept.push(problem);
  }

  /** Takes the place of what was open before. */
  leaveOpen(problems: readonly Problem[]): void {
    this.open = problems;
  }

  restore(total: number, kept: readonly Problem[]): void {
    this.count = total;
    this.kept.push(...kept);
  }

  list(limit = KEPT): Problem[] {
    return [...this.kept, ...this.open].slice(0, limit);
  }
}
