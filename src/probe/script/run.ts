/** Runs request files: one request after the other, in the order of the file. */
import { dirname } from "node:path";
import type { Client } from "../client";
import { type Header, type HeaderFields, headerFields } from "../headers";
import { originOf, parseUrl } from "../origin";
import { MAX_TEXT_BYTES } from "../page/content";
import type { Common } from "../page/page";
import { follow } from "../redirect";
import { type Visited, visitedOf } from "../visit";
import { bodyOf } from "./body";
import { type Script, ScriptError, type ScriptRequest } from "./parse";
import { Variables } from "./variables";

export interface ScriptPlan {
  scripts: readonly Script[];
  /** From the command line; they win over the file's. */
  variables: ReadonlyMap<string, string>;
  /** What a URL that is only a path belongs to, where no Host field says so. */
  base?: string;
  /** Headers from the command line, for every request. */
  headers: readonly Header[];
}

/** Stops at a request that cannot be made as written, with a ScriptError: what follows may depend on it. */
export async function runScripts(
  client: Client,
  plan: ScriptPlan,
  count: number,
  common: Common,
  seen: (visited: Visited) => void,
): Promise<void> {
  for (let pass = 1; pass <= count; pass++)
    for (const script of plan.scripts) {
      const variables = new Variables(new Map([...script.variables, ...plan.variables]), dirname(script.file));
      for (const request of script.requests) {
        if (client.hasStopped) return;
        await send(
          client,
          plan,
          script,
          request,
          variables,
          { ...common, pass: common.pass ?? (count > 1 ? pass : undefined) },
          seen,
        );
      }
    }
}

async function send(
  client: Client,
  plan: ScriptPlan,
  { file }: Script,
  request: ScriptRequest,
  variables: Variables,
  common: Common,
  seen: (visited: Visited) => void,
): Promise<void> {
  const made = attempt(file, request.line, () => make(file, request, variables, plan));
  const { exchange, url } = await follow(
    client,
    made.url,
    {
      ...common,
      headers: made.fields,
      method: request.method,
      body: made.body,
      keep: request.name ? MAX_TEXT_BYTES : 0,
    },
    request.followsRedirects,
  );
  if (request.name && exchange.outcome === "complete")
    variables.answers.set(request.name, {
      exchange,
      requestBody: made.body?.toString() ?? "",
      requestHeaders: made.headers,
    });
  seen(visitedOf(url, exchange));
}

interface Made {
  url: URL;
  headers: Header[];
  fields: HeaderFields;
  body?: Buffer;
}

function make(file: string, request: ScriptRequest, variables: Variables, plan: ScriptPlan): Made {
  const fill = (text: string) => variables.fill(text);
  const named = new Map(request.headers.map(([name, value]) => [name.toLowerCase(), fill(value)]));
  const authorization = named.get("authorization");
  if (authorization !== undefined) named.set("authorization", basic(authorization));
  const body = request.body ? bodyOf(request.body, named, dirname(file), fill) : undefined;
  const host = named.get("host");
  const url = parseUrl(fill(request.url).trim(), host === undefined ? plan.base : `http://${host}`);
  originOf(url);
  url.hash = "";
  const spelling = new Map(request.headers.map(([name]) => [name.toLowerCase(), name]));
  const headers: Header[] = [...named].map(([name, value]) => [spelling.get(name) ?? name, value]);
  return {
    url,
    headers,
    fields: headerFields([...plan.headers, ...headers]),
    body,
  };
}

/** `Basic user:password` and `Basic user password` are encoded; what is encoded already stays. */
function basic(value: string): string {
  const plain = /^Basic\s+(\S+?)(?::|\s+)(\S.*)$/i.exec(value);
  return plain ? `Basic ${Buffer.from(`${plain[1]}:${plain[2]}`).toString("base64")}` : value;
}

function attempt<T>(file: string, line: number, make: () => T): T {
  try {
    return make();
  } catch (error) {
    throw new ScriptError(file, line, (error as Error).message);
  }
}
