/** Small guards for what comes from another process or from a caller: they say yes or no, and never throw. */

export type Guard<T> = (value: unknown) => value is T;
export type Guarded<G> = G extends Guard<infer T> ? T : never;

export const text =
  (maxLength: number): Guard<string> =>
  (value): value is string =>
    typeof value === "string" && value.length <= maxLength;

export const integer =
  (min: number, max: number): Guard<number> =>
  (value): value is number =>
    Number.isSafeInteger(value) && (value as number) >= min && (value as number) <= max;

export const finite: Guard<number> = (value): value is number => typeof value === "number" && Number.isFinite(value);

export const flag: Guard<boolean> = (value): value is boolean => typeof value === "boolean";

export const oneOf =
  <const T extends readonly unknown[]>(...allowed: T): Guard<T[number]> =>
  (value): value is T[number] =>
    allowed.includes(value);

export const nullable =
  <T>(guard: Guard<T>): Guard<T | null> =>
  (value): value is T | null =>
    value === null || guard(value);

export const optional =
  <T>(guard: Guard<T>): Guard<T | undefined> =>
  (value): value is T | undefined =>
    value === undefined || guard(value);

export const list =
  <T>(item: Guard<T>, maxLength: number): Guard<T[]> =>
  (value): value is T[] =>
    Array.isArray(value) && value.length <= maxLength && value.every(item);

export const pair =
  <T>(item: Guard<T>): Guard<[T, T]> =>
  (value): value is [T, T] =>
    Array.isArray(value) && value.length === 2 && value.every(item);

export const dictionary =
  <T>(item: Guard<T>, maxKeys: number): Guard<Record<string, T>> =>
  (value): value is Record<string, T> =>
    isObject(value) && Object.keys(value).length <= maxKeys && Object.values(value).every(item);

type Fields = Record<string, Guard<unknown>>;
type OptionalKey<S extends Fields> = { [K in keyof S]: undefined extends Guarded<S[K]> ? K : never }[keyof S];
type Shape<S extends Fields> = { [K in Exclude<keyof S, OptionalKey<S>>]: Guarded<S[K]> } & {
  [K in OptionalKey<S>]?: Guarded<S[K]>;
};

/** An object with these fields and no others. */
export const shape =
  <S extends Fields>(fields: S): Guard<Shape<S>> =>
  (value): value is Shape<S> =>
    isObject(value) &&
    Object.keys(value).every((key) => Object.hasOwn(fields, key)) &&
    Object.keys(fields).every((key) => fields[key]!(value[key]));

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
