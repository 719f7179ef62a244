/** Fills in `{{…}}`: variables of the file and of the command line, system variables, and parts of earlier answers. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Exchange } from "../exchange";
import { textOf } from "../page/content";
import { systemVariable } from "./system-variables";

/** What a named request leaves for later ones. */
export interface NamedAnswer {
  exchange: Exchange;
  requestBody: string;
  requestHeaders: readonly (readonly [name: string, value: string])[];
}

/** A value that holds itself would never end. */
const MAX_DEPTH = 20;

export class Variables {
  readonly answers = new Map<string, NamedAnswer>();
  private dotenv: Map<string, string> | null = null;

  /** `folder`: where `.env` is looked for. */
  constructor(
    private readonly values: ReadonlyMap<string, string>,
    private readonly folder: string,
  ) {}

  /** The text with everything filled in. Throws in words where a variable is not known. */
  fill(text: string, depth = 0): string {
    return text.replace(/\{\{(%?)\s*([^{}]+?)\s*\}\}/g, (_, encode: string, name: string) => {
      if (depth > MAX_DEPTH) throw new Error(`the variable ${name} refers to itself`);
      const value = this.valueOf(name, depth);
      return encode ? encodeURIComponent(value) : value;
    });
  }

  private valueOf(name: string, depth: number): string {
    if (name.startsWith("$")) {
      const value = systemVariable(this.indirect(name), () => this.env());
      if (value === undefined) throw new Error(`there is no system variable ${name}`);
      return value;
    }
    const own = this.values.get(name);
    if (own !== undefined) return this.fill(own, depth + 1);
    const part = /^([\w-]+)\.(request|response)\.(headers|body)\.(.+)$/.exec(name);
    if (part) return this.partOf(part[1]!, part[2]!, part[3]!, part[4]!.trim());
    throw new Error(`there is no variable ${name}`);
  }

  /** `$processEnv %NAME` takes the name from a variable of the file. */
  private indirect(name: string): string {
    return name.replace(/^(\$(?:processEnv|dotenv)\s+)%(\S+)$/, (_, head: string, inner: string) => {
      const value = this.values.get(inner);
      if (value === undefined) throw new Error(`there is no variable ${inner}`);
      return head + this.fill(value);
    });
  }

  private partOf(name: string, side: string, where: string, path: string): string {
    const answer = this.answers.get(name);
    if (!answer) throw new Error(`no request named ${name} has been answered before this one`);
    const what = `${name}.${side}.${where}.${path}`;
    if (where === "headers") {
      const lower = path.toLowerCase();
      const value =
        side === "response"
          ? answer.exchange.head?.headers.get(lower)
          : answer.requestHeaders.find(([field]) => field.toLowerCase() === lower)?.[1];
      if (value === undefined) throw new Error(`${what}: there is no such header`);
      return value;
    }
    const body = side === "response" ? textOf(answer.exchange) : answer.requestBody;
    if (body === null) throw new Error(`${what}: the body cannot be unpacked`);
    return path === "*" ? body : jsonPart(body, path, what);
  }

  private env(): Map<string, string> {
    this.dotenv ??= readEnv(join(this.folder, ".env"));
    return this.dotenv;
  }
}

/** JSONPath as far as names and indices go: `$.a.b[0]['c d']`, or `a.b` for short. */
function jsonPart(text: string, asked: string, what: string): string {
  const path = asked.startsWith("$") ? asked : `$.${asked}`;
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new Error(`${what}: the body is not JSON`);
  }
  if (!/^\$(?:\.[\w-]+|\[\d+\]|\[(?:'[^']*'|"[^"]*")\])*$/.test(path))
    throw new Error(`${what}: only names and indices are supported, such as $.items[0].id`);
  for (const [, name, index, single, double] of path.matchAll(/\.([\w-]+)|\[(\d+)\]|\['([^']*)'\]|\["([^"]*)"\]/g)) {
    const key = name ?? index ?? single ?? double ?? "";
    if (typeof value !== "object" || value === null || !Object.hasOwn(value, key))
      throw new Error(`${what}: the body has no ${key}`);
    value = (value as Record<string, unknown>)[key];
  }
  return typeof value === "string" ? value : JSON.stringify(value);
}

function readEnv(file: string): Map<string, string> {
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch {
    throw new Error(`there is no ${file}`);
  }
  const values = new Map<string, string>();
  for (const line of text.split(/\r?\n/)) {
    const match = /^\s*(?:export\s+)?([\w.-]+)\s*=\s*(.*?)\s*$/.exec(line);
    if (match) values.set(match[1]!, match[2]!.replace(/^(["'])(.*)\1$/, "$2"));
  }
  return values;
}
