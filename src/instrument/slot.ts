/**
 * A place for our own state on an object of Node's, which nobody else can see: not by inspection (`console.log(req)`
 * prints what it always printed), not by enumeration, not through a proxy. A subclass returns the foreign object from
 * its base constructor, so that its own private field lands on that object. Reads are as fast as a property's, which a
 * WeakMap's are not.
 */
function Foreign(object: object): object {
  return object;
}

export const Slot = Foreign as unknown as new (object: object) => object;
