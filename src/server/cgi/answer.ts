/** A request below the script prefix → the answer of a program. */
import type { IncomingMessage } from "node:http";
import { basename } from "node:path";
import { now } from "../../log/clock";
import type { ChildSpan } from "../../model/record";
import { type Answer, Refusal } from "../answer";
import { openInside } from "../files/opened";
import { sourceOf } from "../files/static";
import type { Limits } from "../limits";
import type { Target } from "../target";
import { cgiArguments, cgiEnvironment, type ScriptTarget } from "./environment";
import { runProgram } from "./run";

/** The script is the first file on the way; what follows is its path info. */
async function findScript(scripts: string, prefix: string, segments: readonly string[]): Promise<ScriptTarget> {
  for (let count = 1; count <= segments.length; count++) {
    const opened = await openInside(scripts, segments.slice(0, count));
    await opened.handle.close();
    if (opened.kind === "folder") continue;
    if (!opened.executable) throw new Refusal(403, "This file is not a program.", {}, sourceOf(opened.path));
    const rest = segments.slice(count);
    return {
      name: prefix + segments.slice(0, count).map(encodeURIComponent).join("/"),
      file: opened.path,
      pathInfo: rest.length ? `/${rest.join("/")}` : "",
    };
  }
  throw new Refusal(403, "The folder of the programs is not listed.");
}

export interface CgiContext {
  scripts: string;
  prefix: string;
  limits: Limits;
}

/** `segments` are those below the prefix. The run of the program is handed to `child` when it has ended. */
export async function answerCgi(
  context: CgiContext,
  segments: readonly string[],
  target: Target,
  request: IncomingMessage,
  child: (span: ChildSpan) => void,
): Promise<Answer> {
  const script = await findScript(context.scripts, context.prefix, segments);
  const source = sourceOf(script.file);
  const program = {
    file: script.file,
    arguments: cgiArguments(target.query),
    environment: cgiEnvironment(request, target, script),
  };
  const start = now();
  const onEnd = () => child({ kind: "cgi", name: basename(script.file), start, duration: now() - start });
  try {
    const { head, body } = await runProgram(program, request, context.limits.cgiTimeout, onEnd);
    return { ...head, body, source };
  } catch (error) {
    if (error instanceof Refusal) throw new Refusal(error.status, error.message, error.headers, source);
    throw error;
  }
}
