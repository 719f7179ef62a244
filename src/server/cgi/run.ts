/** One CGI request: a process and its output → an answer whose body is the rest of its output. */
import type { ServerResponse } from "node:http";
import { PassThrough } from "node:stream";
import { type Answer, Refusal } from "../answer";
import { killGroup, type Program, startProgram } from "./process";
import { endOfHead, HEAD_LIMIT, parseHead } from "./response";

const headless = (): Refusal => new Refusal(502, "The program's answer has no valid head.");

/**
 * Runs the program. Resolves when its head is there; the body ends when the program
 * has, and fails where it is killed: after `timeout` ms, or because nobody reads any more. `onEnd` is called once.
 */
export function runProgram(
  program: Program,
  response: ServerResponse,
  timeout: number,
  onEnd: () => void,
): Promise<Omit<Answer, "source">> {
  return new Promise((resolve, reject) => {
    const child = startProgram(program);
    const body = new PassThrough();
    let head = Buffer.alloc(0);
    let answering = false;
    let ended = false;
    let fault: Error | null = null;
    const stop = (reason: Error): void => {
      fault ??= reason;
      // After its end its number may be another process's.
      if (!ended) killGroup(child);
    };
    const timer = setTimeout(() => stop(new Refusal(504, "The program took too long.")), timeout);
    const stdout = child.stdout!;
    const collectHead = (chunk: Buffer): void => {
      head = Buffer.concat([head, chunk]);
      const end = endOfHead(head);
      if (!end) {
        if (head.length > HEAD_LIMIT) stop(headless());
        return;
      }
      try {
        const { status, headers } = parseHead(head.toString("latin1", 0, end.head));
        answering = true;
        body.write(head.subarray(end.body));
        resolve({ status, headers, body });
      } catch (error) {
        stop(error as Error);
      }
    };
    stdout.on("data", (chunk: Buffer) => {
      if (!answering) collectHead(chunk);
      else if (!body.write(chunk)) stdout.pause();
    });
    body.on("drain", () => stdout.resume());
    // Nobody reads the answer any more: the program has lost its purpose.
    response.once("close", () => stop(new Refusal(400, "The request was broken off.")));
    body.once("close", () => stop(new Refusal(400, "The request was broken off.")));
    child.on("error", () => {
      fault ??= new Refusal(500, "The program could not be started.");
    });
    child.on("close", () => {
      ended = true;
      clearTimeout(timer);
      onEnd();
      if (!answering) reject(fault ?? new Refusal(502, "The program ended without an answer."));
      else if (fault) body.destroy(fault);
      else body.end();
    });
  });
}
