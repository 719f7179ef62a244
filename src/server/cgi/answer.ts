/** A request below the script prefix → the answer of a program. */
import { constants } from "node:fs";
import { access } from "node:fs/promises";
import type { IncomingMessage, ServerResponse } from "node:http";
import { basename, sep } from "node:path";
import { now } from "../../log/clock";
import type { ChildSpan } from "../../model/record";
import { type Answer, Refusal } from "../answer";
import { bodyOf, hasBody } from "../body";
import { type Opened, openInside } from "../files/opened";
import { sourceOf } from "../files/static";
import type { Limits } from "../limits";
import { acquireTimed, type Locks } from "../locks/locks";
import type { Target } from "../target";
import { cgiArguments, cgiEnvironment } from "./environment";
import { type KeptPrograms, scgiRequest } from "./persistent";
import { endOfHead, parseHead } from "./response";
import { runProgram } from "./run";

export const CGI_MODES = ["process", "persistent"] as const;
/** A process for each request, or a process that is kept running for those programs that can. */
export type CgiMode = (typeof CGI_MODES)[number];

export interface CgiContext {
  /** Real path of the programs' folder. */
  scripts: string;
  prefix: readonly string[];
  limits: Limits;
  locks: Locks;
  /** null in the mode `process`. */
  kept: KeptPrograms | null;
  report(span: ChildSpan): void;
}

interface Script extends Opened {
  /** URL path. */
  name: string;
  /** What follows the script in the URL path, decoded; empty where nothing does. */
  pathInfo: string;
}

/** The script is the first file on the way; what follows is its path info. */
async function findScript({ scripts, prefix }: CgiContext, segments: readonly string[]): Promise<Script> {
  for (let count = 1; count <= segments.length; count++) {
    const opened = await openInside(scripts, segments.slice(0, count));
    await opened.handle.close();
    if (opened.kind === "folder") continue;
    if ((opened.mode & 0o111) === 0) throw new Refusal(403, "This file is not a program.", {}, sourceOf(opened.path));
    const name = `/${[...prefix, ...segments.slice(0, count)].map(encodeURIComponent).join("/")}`;
    const rest = segments.slice(count);
    return { ...opened, name, pathInfo: rest.length ? `/${rest.join("/")}` : "" };
  }
  throw new Refusal(403, "The folder of the programs is not listed.");
}

/** `calendar.cgi` is answered by `calendar.persistent` where that is a program too. */
async function keptVersion(context: CgiContext, script: Script): Promise<Opened | null> {
  if (!context.kept) return null;
  const path = `${script.path.replace(/\.[^.]*$/, "")}.persistent`;
  try {
    await access(path, constants.X_OK);
    const opened = await openInside(context.scripts, path.slice(context.scripts.length + 1).split(sep));
    await opened.handle.close();
    return opened.kind === "file" ? opened : null;
  } catch {
    return null;
  }
}

/** The answer of a program that is kept running; it comes at once, its length is known. */
async function askKept(
  { kept, limits }: CgiContext,
  program: Opened,
  environment: Record<string, string>,
  request: IncomingMessage,
  onEnd: () => void,
): Promise<Omit<Answer, "source">> {
  try {
    const chunks: Buffer[] = [];
    for await (const chunk of bodyOf(request, limits)) chunks.push(chunk);
    const question = scgiRequest(environment, Buffer.concat(chunks));
    const version = `${program.inode}-${program.modified}`;
    const output = await kept!.ask(program.path, version, question, limits.cgiTimeout);
    const end = endOfHead(output);
    if (!end) throw new Refusal(502, "The program's answer has no valid head.");
    const { status, headers } = parseHead(output.toString("latin1", 0, end.head));
    const body = output.subarray(end.body);
    return { status, headers: { ...headers, "Content-Length": String(body.length) }, body };
  } finally {
    onEnd();
  }
}

/** `segments` are those below the prefix. */
export async function answerCgi(
  context: CgiContext,
  segments: readonly string[],
  target: Target,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<Answer> {
  const script = await findScript(context, segments);
  const kept = await keptVersion(context, script);
  const source = sourceOf((kept ?? script).path);
  if (hasBody(request) && request.headers["content-length"] === undefined)
    throw new Refusal(411, "A program is told the length of its input.", {}, source);
  if (request.headers.expect !== undefined) response.writeContinue();
  const environment = cgiEnvironment(request, target, { ...script, file: script.path });
  const { limits, locks, report } = context;
  const release = await acquireTimed(locks, {
    name: "cgi",
    label: "turn to run a program",
    capacity: limits.cgiChildren,
    patience: limits.cgiTimeout,
    report,
  });
  const start = now();
  const onEnd = (): void => {
    report({ kind: "cgi", name: basename(source.file), start, duration: now() - start });
    release();
  };
  try {
    if (!kept) {
      const program = { file: script.path, arguments: cgiArguments(target.query), environment };
      return { ...(await runProgram(program, request, response, limits.cgiTimeout, onEnd)), source };
    }
    return { ...(await askKept(context, kept, environment, request, onEnd)), source };
  } catch (error) {
    throw error instanceof Refusal ? new Refusal(error.status, error.message, error.headers, source) : error;
  }
}
