/**
 * Observing a method without wrapping it. The method is replaced by an accessor that tells us of the look-up and
 * returns the original function: our code has returned before the method runs, so that no frame of ours is ever on
 * the stack below a user's function, and no stack trace that a user prints differs.
 */
type Members = Record<string | number, unknown>;

/** Calls `look(object)` at every look-up of `target[name]` that is (nearly always) the start of a call. */
export function onLookup(target: object, name: string | number, look: (object: object) => void): () => void {
  const members = target as Members;
  const own = Object.getOwnPropertyDescriptor(target, name);
  let method = members[name];
  Object.defineProperty(target, name, {
    configurable: true,
    enumerable: own?.enumerable ?? false,
    get(this: object) {
      try {
        look(this);
      } catch {
        // A lost stamp.
      }
      return method;
    },
    // Another tool may replace the method: on the target for all, on an object of its own for that one.
    set(this: object, value: unknown) {
      if (this === target) method = value;
      else Object.defineProperty(this, name, { configurable: true, enumerable: true, writable: true, value });
    },
  });
  return () => {
    if (own) Object.defineProperty(target, name, { ...own, value: method });
    else delete members[name];
  };
}
