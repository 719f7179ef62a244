/**
 * The request files that REST Client for VS Code has made common (`.http`, `.rest`): requests between lines of `###`,
 * each a request line, headers, an empty line and a body; `@name = value`; `# @name`, `# @no-redirect`. Nothing is
 * filled in here: a variable may depend on an answer. Not supported: curl lines, prompts, environments, cookies.
 */

export interface ScriptRequest {
  /** `# @name`: later requests may use its answer. */
  name: string | null;
  /** 1-based, of the request line. */
  line: number;
  method: string;
  url: string;
  headers: [name: string, value: string][];
  /** Lines; null where there is none. */
  body: string[] | null;
  followsRedirects: boolean;
}

export interface Script {
  /** For messages. */
  file: string;
  /** As written; a value may hold further variables. The last of a name counts. */
  variables: Map<string, string>;
  requests: ScriptRequest[];
}

/** A request file cannot be run as written; the message names file and line. */
export class ScriptError extends Error {
  override readonly name = "ScriptError";

  constructor(file: string, line: number, reason: string) {
    super(`${file}:${line}: ${reason}`);
  }
}

const COMMENT = /^\s*(?:#|\/\/)/;
const SETTING = /^\s*(?:#{1,}|\/{2,})\s*@([\w-]+)(?:\s+(.*?))?\s*$/;
const VARIABLE = /^\s*@([^\s=]+)\s*=\s*(.*?)\s*$/;
const REQUEST_LINE = /^\s*(?:([A-Za-z][A-Za-z-]*)\s+)?(\S.*?)(?:\s+HTTP\/[\d.]+)?\s*$/;
const HEADER = /^\s*([^\s:]+)\s*:\s*(.*?)\s*$/;

export function parseScript(file: string, text: string): Script {
  const script: Script = { file, variables: new Map(), requests: [] };
  const lines = text.replace(/^\uFEFF/, "").split(/\r?\n/);
  let start = 0;
  for (let i = 0; i <= lines.length; i++)
    if (i === lines.length || lines[i]!.startsWith("###")) {
      parseBlock(script, lines, start, i);
      start = i + 1;
    }
  if (!script.requests.length) throw new ScriptError(file, 1, "there is no request in it");
  return script;
}

function parseBlock(script: Script, lines: string[], start: number, end: number): void {
  const request: ScriptRequest = {
    name: null,
    line: 0,
    method: "GET",
    url: "",
    headers: [],
    body: null,
    followsRedirects: true,
  };
  let at = start;
  for (; at < end && request.line === 0; at++) {
    const line = lines[at]!;
    const setting = SETTING.exec(line);
    const variable = VARIABLE.exec(line);
    if (setting) applySetting(script.file, request, setting[1]!, setting[2] ?? "", at + 1);
    else if (variable) script.variables.set(variable[1]!, variable[2]!);
    else if (line.trim() !== "" && !COMMENT.test(line)) {
      const match = REQUEST_LINE.exec(line)!;
      if (/^curl\s/.test(line.trim())) throw new ScriptError(script.file, at + 1, "curl lines are not supported");
      request.method = match[1]?.toUpperCase() ?? "GET";
      request.url = match[2]!;
      request.line = at + 1;
    }
  }
  if (request.line === 0) return;
  at = parseHead(script.file, request, lines, at, end);
  // An empty line behind a request belongs to the separator, not to its body.
  while (end > at && lines[end - 1]!.trim() === "") end--;
  if (end > at) request.body = lines.slice(at, end);
  script.requests.push(request);
}

/** Query lines and headers, up to the empty line; the index behind it. */
function parseHead(file: string, request: ScriptRequest, lines: string[], start: number, end: number): number {
  let inQuery = true;
  for (let at = start; at < end; at++) {
    const line = lines[at]!;
    if (line.trim() === "") return at + 1;
    if (inQuery && /^\s*[?&]/.test(line)) request.url += line.trim().replace(/\s+HTTP\/[\d.]+$/, "");
    else {
      inQuery = false;
      if (COMMENT.test(line)) continue;
      const header = HEADER.exec(line);
      if (!header) throw new ScriptError(file, at + 1, `not a header: ${line.trim().slice(0, 80)}`);
      request.headers.push([header[1]!, header[2]!]);
    }
  }
  return end;
}

function applySetting(file: string, request: ScriptRequest, setting: string, value: string, line: number): void {
  if (setting === "name") request.name = value;
  else if (setting === "no-redirect") request.followsRedirects = false;
  else if (setting === "prompt") throw new ScriptError(file, line, "prompts are not supported: a probe asks nobody");
}
