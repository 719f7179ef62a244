/**
 * Observing a method without wrapping it. The method is replaced by an accessor that tells us of the look-up and
 * returns the original function: our code has returned before the method runs, so that no frame of ours is ever on
 * the stack below a user's function, and no stack trace that a user prints differs.
 */
type Members = Record<string | number, unknown>;

export type Method = (this: object, ...args: never[]) => unknown;

/**
 * Calls `look(object, method)` at every look-up of `target[name]`, which is nearly always the start of a call. Where it
 * returns a function, that one is called instead of the method. The result takes the accessor out again.
 */
export function onLookup(
  target: object,
  name: string | number,
  // biome-ignore lint/suspicious/noConfusingVoidType: most look and return nothing
  look: (object: object, method: Method) => Method | undefined | void,
): () => void {
  const members = target as Members;
  const own = Object.getOwnPropertyDescriptor(target, name);
  let method = members[name];
  Object.defineProperty(target, name, {
    configurable: true,
    enumerable: own?.enumerable ?? false,
    get(this: object) {
      try {
        return look(this, method as Method) ?? method;
      } catch {
        // A lost stamp.
        return method;
      }
    },
    // Another tool may replace the method: on the target for all, on an object of its own for that one.
    set(this: object, value: unknown) {
      if (this === target) method = value;
      else Object.defineProperty(this, name, { configurable: true, enumerable: true, writable: true, value });
    },
  });
  return () => {
    // Where another accessor stood (two instruments in one thread), it stands again.
    if (own) Object.defineProperty(target, name, "value" in own ? { ...own, value: method } : own);
    else delete members[name];
  };
}
