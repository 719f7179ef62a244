/** Text as HTML: whatever comes from logs is hostile input, and passes here. */
import { printable } from "../model/printable";

const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

/** For element contents and for attribute values in quotes. */
export const html = (text: string): string => printable(text).replace(/[&<>"']/g, (char) => ENTITIES[char]!);

/** A value in a script element's JSON: nothing in it ends the element, begins a comment or breaks a line. */
export const scriptJson = (value: unknown): string =>
  JSON.stringify(value).replace(
    /[<>&\u2028\u2029]/g,
    (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
