/** One question at a time, and of those that come meanwhile only the last: whoever holds a key down asks often. */
export class Latest<Question, Result> {
  #asking = false;
  #next: Question | null = null;

  constructor(
    private readonly ask: (question: Question) => Promise<Result>,
    private readonly answered: (question: Question, result: Result) => void,
    private readonly refused: (error: unknown) => void,
  ) {}

  put(question: Question): void {
    this.#next = question;
    if (!this.#asking) void this.#run();
  }

  async #run(): Promise<void> {
    this.#asking = true;
    while (this.#next !== null) {
      const question = this.#next;
      this.#next = null;
      try {
        this.answered(question, await this.ask(question));
      } catch (error) {
        this.refused(error);
      }
    }
    this.#asking = false;
  }
}
