/** A scripted request's body as bytes: files, forms, multipart and GraphQL as REST Client sends them. */
import { resolve } from "node:path";
import { readNamed } from "../named-file";

export type Fill = (text: string) => string;

/** `headers` in lower case, filled in; what GraphQL changes of them is changed there. `folder`: of the request file. */
export function bodyOf(lines: readonly string[], headers: Map<string, string>, folder: string, fill: Fill): Buffer {
  const type = headers.get("content-type")?.toLowerCase() ?? "";
  if (headers.get("x-request-type")?.toLowerCase() === "graphql") {
    headers.delete("x-request-type");
    if (!headers.has("content-type")) headers.set("content-type", "application/json");
    return Buffer.from(graphQl(lines, fill));
  }
  // Lines of a form belong together; those of a multipart body end as MIME wants it.
  const isForm = type.startsWith("application/x-www-form-urlencoded");
  const end = isForm ? "" : type.startsWith("multipart/") ? "\r\n" : "\n";
  const parts = lines.map((line) => partOf(isForm ? line.trim() : line, folder, fill));
  const joined = parts.flatMap((part, i) => (i ? [Buffer.from(end), part] : [part]));
  if (type.startsWith("multipart/")) joined.push(Buffer.from(end));
  return Buffer.concat(joined);
}

/** A line, or the file that it names: `< file` as it is, `<@ file` filled in, `<@latin1 file` from that encoding. */
function partOf(line: string, folder: string, fill: Fill): Buffer {
  const file = /^<(@(\w+)?)?\s+(\S.*?)\s*$/.exec(line);
  if (!file) return Buffer.from(fill(line));
  const bytes = readNamed(resolve(folder, fill(file[3]!)));
  return file[1] === undefined ? bytes : Buffer.from(fill(new TextDecoder(file[2] ?? "utf-8").decode(bytes)));
}

/** The query, an empty line, its variables as JSON. */
function graphQl(lines: readonly string[], fill: Fill): string {
  const text = fill(lines.join("\n"));
  const gap = /\n\s*\n(?=\s*\{[\s\S]*\}\s*$)/.exec(text);
  const query = gap ? text.slice(0, gap.index) : text;
  const operation = /^\s*(?:query|mutation|subscription)\s+(\w+)/.exec(query)?.[1];
  return JSON.stringify({
    query,
    operationName: operation,
    variables: gap ? JSON.parse(text.slice(gap.index + gap[0].length)) : {},
  });
}
