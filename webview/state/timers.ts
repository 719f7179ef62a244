/** Named delays: of what is asked for again and again only the last is done, or only the first. */
export class Timers {
  readonly #running = new Map<string, ReturnType<typeof setTimeout>>();

  /** Once nobody has asked for `ms`. */
  settled(what: string, ms: number, action: () => void): void {
    clearTimeout(this.#running.get(what));
    this.#start(what, ms, action);
  }

  /** At most every `ms`, however often it is asked for. */
  atMostEvery(what: string, ms: number, action: () => void): void {
    if (!this.#running.has(what)) this.#start(what, ms, action);
  }

  #start(what: string, ms: number, action: () => void): void {
    const run = () => {
      this.#running.delete(what);
      action();
    };
    this.#running.set(what, setTimeout(run, ms));
  }
}
