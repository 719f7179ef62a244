/** Reading JSON that somebody else wrote: each value is asked for by the type that it should have. */

export type JsonObject = Readonly<Record<string, unknown>>;

export const isObject = (value: unknown): value is JsonObject =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** The object's field where it is its own; undefined elsewhere. */
export const fieldOf = (value: unknown, name: string): unknown =>
  isObject(value) && Object.hasOwn(value, name) ? value[name] : undefined;

export const objectOf = (value: unknown, name: string): JsonObject => {
  const field = fieldOf(value, name);
  return isObject(field) ? field : {};
};

export const listOf = (value: unknown, name: string): readonly unknown[] => {
  const field = fieldOf(value, name);
  return Array.isArray(field) ? field : [];
};

export const textOf = (value: unknown, name: string): string | undefined => {
  const field = fieldOf(value, name);
  return typeof field === "string" ? field : undefined;
};

export const numberOf = (value: unknown, name: string): number | undefined => {
  const field = fieldOf(value, name);
  return typeof field === "number" && Number.isFinite(field) ? field : undefined;
};

/** A safe integer that is not negative. */
export const naturalOf = (value: unknown, name: string): number | undefined => {
  const field = numberOf(value, name);
  return field !== undefined && Number.isSafeInteger(field) && field >= 0 ? field : undefined;
};

/** The text as a JSON object, or why it is none. */
export function parseObject(text: string): JsonObject | { problem: string } {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : { problem: "not a JSON object" };
  } catch (error) {
    return { problem: `not JSON: ${error instanceof Error ? error.message : error}`.slice(0, 200) };
  }
}

/** Behind the closing quote of the string that begins at `start`; -1 where the text ends before it. */
export function stringEnd(text: string, start: number): number {
  for (let quote = text.indexOf('"', start + 1); quote >= 0; quote = text.indexOf('"', quote + 1)) {
    let backslashes = 0;
    while (text[quote - 1 - backslashes] === "\\") backslashes++;
    if (backslashes % 2 === 0) return quote + 1;
  }
  return -1;
}
