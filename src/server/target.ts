/** A request target → path segments and query, or a refusal. */
import { Refusal } from "./answer";

export interface Target {
  /** Decoded, without empty ones; none is `.`, `..` or holds a slash or a zero. */
  segments: string[];
  /** The path ended in a slash: a folder is meant. */
  folder: boolean;
  /** Undecoded, without the question mark; null where there is none. */
  query: string | null;
  /** Host of an absolute-form target. */
  host: string | null;
}

function decode(segment: string): string {
  let text: string;
  try {
    text = decodeURIComponent(segment);
  } catch {
    throw new Refusal(400, "The path is not valid UTF-8.");
  }
  // A slash or a backslash that arrives encoded is part of no file's name here, and of many an attack.
  if (text === "." || text === ".." || /[/\\\0]/.test(text))
    throw new Refusal(400, "The path has a part that no file has.");
  return text;
}

/** Origin form (`/path?query`) and absolute form (`http://host/path?query`) of a target. */
export function parseTarget(target: string): Target {
  const absolute = /^https?:\/\/([^/?#]*)(.*)$/i.exec(target);
  const rest = absolute ? absolute[2]! || "/" : target;
  if (!rest.startsWith("/") && !absolute) throw new Refusal(400, "The request target is no path.");
  const mark = rest.indexOf("?");
  const path = mark < 0 ? rest : rest.slice(0, mark);
  return {
    segments: path.split("/").filter(Boolean).map(decode),
    folder: path.endsWith("/"),
    query: mark < 0 ? null : rest.slice(mark + 1),
    host: absolute ? absolute[1]! : null,
  };
}
