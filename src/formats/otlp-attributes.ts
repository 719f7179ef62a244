/** OpenTelemetry's attributes: `{key, value: {stringValue | intValue | …}}` lists ⇄ plain values. */
import { fieldOf, isObject, listOf, textOf } from "./json-value";

export type AttributeValue = string | number | boolean;
export type Attributes = ReadonlyMap<string, AttributeValue>;

/** The plain values among them; arrays, maps and bytes say nothing that we read. The first of a repeated key counts. */
export function attributesOf(holder: unknown): Attributes {
  const attributes = new Map<string, AttributeValue>();
  for (const item of listOf(holder, "attributes")) {
    const key = textOf(item, "key");
    const value = plain(fieldOf(item, "value"));
    if (key !== undefined && value !== undefined && !attributes.has(key)) attributes.set(key, value);
  }
  return attributes;
}

function plain(value: unknown): AttributeValue | undefined {
  if (!isObject(value)) return undefined;
  const { stringValue, intValue, doubleValue, boolValue } = value;
  if (typeof stringValue === "string") return stringValue;
  if (typeof boolValue === "boolean") return boolValue;
  // 64-bit integers are decimal strings in JSON; some write numbers.
  const written = intValue ?? doubleValue;
  const number = typeof written === "string" || typeof written === "number" ? Number(written) : Number.NaN;
  return Number.isFinite(number) ? number : undefined;
}

export const textAt = (attributes: Attributes, ...keys: string[]): string | undefined => {
  for (const key of keys) {
    const value = attributes.get(key);
    if (value !== undefined && value !== "") return String(value);
  }
  return undefined;
};

/** A number that is safe and not negative, under the first key that has one (also where it was written as text). */
export const naturalAt = (attributes: Attributes, ...keys: string[]): number | undefined => {
  for (const key of keys) {
    const value = attributes.get(key);
    const number = typeof value === "boolean" || value === undefined || value === "" ? Number.NaN : Number(value);
    if (Number.isSafeInteger(number) && number >= 0) return number;
  }
  return undefined;
};

/** As OTLP/JSON writes them; what is undefined or null is left out. */
export const attributeList = (values: Readonly<Record<string, AttributeValue | null | undefined>>): object[] =>
  Object.entries(values).flatMap(([key, value]) =>
    value === null || value === undefined ? [] : [{ key, value: anyValue(value) }],
  );

function anyValue(value: AttributeValue): object {
  if (typeof value === "string") return { stringValue: value };
  if (typeof value === "boolean") return { boolValue: value };
  return Number.isSafeInteger(value) ? { intValue: String(value) } : { doubleValue: value };
}
