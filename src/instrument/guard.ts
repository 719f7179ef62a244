/** What keeps our failures out of the user's program. */

/** The same function, but its exceptions are dropped: instrumentation may lose a stamp, never a request. */
export function quiet<A extends unknown[]>(run: (...args: A) => void): (...args: A) => void {
  return (...args) => {
    try {
      run(...args);
    } catch {
      // Lost: one stamp or one record.
    }
  };
}
