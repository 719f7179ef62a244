/** A request below the script prefix → the answer of a program. */
import type { IncomingMessage, ServerResponse } from "node:http";
import { basename } from "node:path";
import { now } from "../../log/clock";
import type { ChildSpan } from "../../model/record";
import { type Answer, Refusal } from "../answer";
import { sourceOf } from "../files/static";
import type { Limits } from "../limits";
import { acquireTimed, type Locks } from "../locks/locks";
import { cgiArguments, cgiEnvironment } from "./environment";
import { collectInput, type Input } from "./input";
import { type KeptPrograms, scgiRequest } from "./persistent";
import { endOfHead, parseHead } from "./response";
import { runProgram } from "./run";
import { findScript, type KeptScript, type Script } from "./script";

export const CGI_MODES = ["process", "persistent"] as const;
/** A process for each request, or a process that is kept running for those programs that can. */
export type CgiMode = (typeof CGI_MODES)[number];

export interface CgiContext {
  /** Real path of the programs' folder. */
  scripts: string;
  /** Its URL path. */
  prefix: readonly string[];
  limits: Limits;
  locks: Locks;
  /** null in the mode `process`. */
  programs: KeptPrograms | null;
  report(span: ChildSpan): void;
}

/** Bytes of input that a program which is kept running gets: they are in memory once. */
const INPUT_LIMIT = 16 * 1024 * 1024;

interface CgiRequest {
  request: IncomingMessage;
  response: ServerResponse;
  query: string | null;
  script: Script;
  input: Input;
}

/** The answer of a program that is kept running; it comes at once, its length is known. */
async function askKept(
  { programs, limits }: CgiContext,
  { path, version }: KeptScript,
  environment: Record<string, string>,
  input: Input,
): Promise<Omit<Answer, "source">> {
  if (input.length > INPUT_LIMIT) throw new Refusal(413, "The body is too large for this program.");
  const body = (await input.handle?.readFile()) ?? Buffer.alloc(0);
  const output = await programs!.ask(path, version, scgiRequest(environment, body), limits.cgiTimeout);
  const end = endOfHead(output);
  if (!end) throw new Refusal(502, "The program's answer has no valid head.");
  const { status, headers } = parseHead(output.toString("latin1", 0, end.head));
  const text = output.subarray(end.body);
  return { status, headers: { ...headers, "Content-Length": String(text.length) }, body: text };
}

/** Waits for its turn, then for the program. */
async function runScript(context: CgiContext, asked: CgiRequest): Promise<Omit<Answer, "source">> {
  const { request, response, query, script, input } = asked;
  const { limits, locks, report } = context;
  const environment = cgiEnvironment(request, query, script, input.length);
  const release = await acquireTimed(locks, {
    name: "cgi",
    label: "turn to run a program",
    capacity: limits.cgiChildren,
    patience: limits.cgiTimeout,
    report,
  });
  const start = now();
  const onEnd = (): void => {
    const name = basename(script.kept?.path ?? script.path);
    report({ kind: "cgi", name, start, duration: now() - start });
    release();
  };
  if (script.kept) return askKept(context, script.kept, environment, input).finally(onEnd);
  const words = cgiArguments(query);
  const program = { file: script.path, arguments: words, environment, input: input.handle?.fd ?? ("ignore" as const) };
  return runProgram(program, response, limits.cgiTimeout, onEnd);
}

/** `segments` are those below the prefix. */
export async function answerCgi(
  context: CgiContext,
  segments: readonly string[],
  query: string | null,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<Answer> {
  const script = await findScript(context.scripts, context.prefix, segments, context.programs !== null);
  const source = sourceOf(script.kept?.path ?? script.path);
  if (request.headers.expect !== undefined) response.writeContinue();
  try {
    const input = await collectInput(request, context.limits);
    try {
      return { ...(await runScript(context, { request, response, query, script, input })), source };
    } finally {
      await input.close();
    }
  } catch (error) {
    throw error instanceof Refusal ? new Refusal(error.status, error.message, error.headers, source) : error;
  }
}
