/** One CGI request: a process, its input and its output → an answer whose body is the rest of its output. */
import type { IncomingMessage } from "node:http";
import { PassThrough, type Readable } from "node:stream";
import { Refusal } from "../answer";
import { killGroup, type Program, startProgram } from "./process";
import { type CgiHead, endOfHead, HEAD_LIMIT, parseHead } from "./response";

export interface CgiRun {
  head: CgiHead;
  body: Readable;
}

/**
 * Runs the program with the request's body as its input. Resolves when its head is there; the body ends when the program
 * has, and fails where it is killed: after `timeout` ms, or because nobody reads any more. `onEnd` is called once.
 */
export function runProgram(
  program: Program,
  request: IncomingMessage,
  timeout: number,
  onEnd: () => void,
): Promise<CgiRun> {
  return new Promise((resolve, reject) => {
    const child = startProgram(program);
    const body = new PassThrough();
    let collected = Buffer.alloc(0);
    let started = false;
    let ended = false;
    let fault: Error | null = null;
    const stop = (reason: Error): void => {
      fault ??= reason;
      // After its end its number may be another process's.
      if (!ended) killGroup(child);
    };
    const timer = setTimeout(() => stop(new Refusal(504, "The program took too long.")), timeout);
    const stdout = child.stdout!;
    child.stdin!.on("error", () => request.resume());
    request.on("error", () => stop(new Refusal(400, "The request was broken off."))).pipe(child.stdin!);
    stdout.on("data", (chunk: Buffer) => {
      if (started) {
        if (!body.write(chunk)) stdout.pause();
        return;
      }
      collected = Buffer.concat([collected, chunk]);
      const end = endOfHead(collected);
      if (!end) {
        if (collected.length > HEAD_LIMIT) stop(new Refusal(502, "The program's answer has no valid head."));
        return;
      }
      try {
        const head = parseHead(collected.toString("latin1", 0, end.head));
        started = true;
        body.write(collected.subarray(end.body));
        resolve({ head, body });
      } catch (error) {
        stop(error as Error);
      }
    });
    body.on("drain", () => stdout.resume());
    // The answer's reader is gone before the program's end: so is the program's purpose.
    body.on("close", () => stop(new Error("nobody reads the program's answer")));
    child.on("error", () => stop(new Refusal(500, "The program could not be started.")));
    child.on("close", () => {
      ended = true;
      clearTimeout(timer);
      onEnd();
      if (!started) reject(fault ?? new Refusal(502, "The program ended without an answer."));
      else if (fault) body.destroy(fault);
      else body.end();
    });
  });
}
