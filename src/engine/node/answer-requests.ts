/** The engine in its thread: answers the `EngineRequest`s of the other side, pushes `EngineEvent`s. */
import { type MessagePort, receiveMessageOnPort } from "node:worker_threads";
import type { Answer, EngineEvent, EngineParams, RowWindow } from "../../protocol/messages";
import { EngineError } from "../errors";
import { inInterludes } from "../steps";
import { Engine } from "./engine";
import { readRequest } from "./validate";

const isWindow = (result: unknown): result is RowWindow =>
  typeof result === "object" && result !== null && "dictionary" in result && "times" in result;

/** Interludes are more often than looking pays for, ms. */
const LOOK_MS = 1;

/** Makes the thread's engine. */
export function answerRequests(port: MessagePort): void {
  const engine = new Engine(
    (event: EngineEvent) => port.postMessage(event),
    () => new Promise((resolve) => setImmediate(resolve)),
  );
  /** What came in while an answer is worked out in one go: lines are looked up at once, all else waits for its turn. */
  const waiting: unknown[] = [];
  let looked = 0;

  function answerLines(): void {
    const now = performance.now();
    if (now - looked < LOOK_MS) return;
    looked = now;
    for (let came = receiveMessageOnPort(port); came; came = receiveMessageOnPort(port)) {
      const request = readRequest(came.message);
      if (!("problem" in request) && request.method === "line") answerLine(request.id, request.params);
      else if (waiting.push(came.message) === 1) setImmediate(respondToWaiting);
    }
  }

  function respondToWaiting(): void {
    for (const message of waiting.splice(0)) void respond(message);
  }

  async function respond(message: unknown): Promise<void> {
    const request = readRequest(message);
    if ("problem" in request) {
      answer({
        kind: "answer",
        id: request.id,
        ok: false,
        error: { message: request.problem, code: "invalid" },
      });
      return;
    }
    try {
      const result = await engine.call(request.method, request.params);
      const transfer = isWindow(result)
        ? [
            result.index,
            result.ordinals,
            result.bits,
            result.times,
            result.values,
            result.texts,
            result.children,
            result.childTexts,
          ].map((column) => column.buffer as ArrayBuffer)
        : [];
      answer({ kind: "answer", id: request.id, ok: true, result }, transfer);
    } catch (error) {
      refuse(request.id, error);
    }
  }

  /** What goes wrong with a line is no fault of the answer that it was asked in the middle of. */
  function answerLine(id: number, params: EngineParams<"line">): void {
    try {
      answer({ kind: "answer", id, ok: true, result: engine.line(params) });
    } catch (error) {
      refuse(id, error);
    }
  }

  function refuse(id: number, error: unknown): void {
    const code = error instanceof EngineError ? error.code : "failed";
    const message = error instanceof Error ? error.message : String(error);
    answer({ kind: "answer", id, ok: false, error: { message, code } });
  }

  function answer(message: Answer, transfer: ArrayBuffer[] = []): void {
    port.postMessage(message, transfer);
  }

  port.on("message", (message: unknown) => {
    respondToWaiting();
    void respond(message);
  });
  inInterludes(answerLines);
}
