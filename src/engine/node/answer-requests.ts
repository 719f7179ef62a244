/** The engine in its thread: answers the `EngineRequest`s of the other side, pushes `EngineEvent`s. */
import { type MessagePort, receiveMessageOnPort } from "node:worker_threads";
import type { Answer, EngineEvent, EngineParams, RowWindow } from "../../protocol/messages";
import { EngineError } from "../errors";
import { inInterludes } from "../steps";
import { Engine } from "./engine";
import { readRequest } from "./validate";

const isWindow = (result: unknown): result is RowWindow =>
  typeof result === "object" && result !== null && "dictionary" in result && "times" in result;

/** Makes the thread's engine. */
export function answerRequests(port: MessagePort): void {
  const engine = new Engine(
    (event: EngineEvent) => port.postMessage(event),
    () => new Promise((resolve) => setImmediate(resolve)),
  );
  /** What came in while an answer is worked out in one go: lines are looked up at once, all else waits for its turn. */
  const waiting: unknown[] = [];

  function answerLines(): void {
    for (let came = receiveMessageOnPort(port); came; came = receiveMessageOnPort(port)) {
      const request = readRequest(came.message);
      if (!("problem" in request) && request.method === "line")
        answer({
          kind: "answer",
          id: request.id,
          ok: true,
          result: engine.line(request.params as EngineParams<"line">),
        });
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
      const code = error instanceof EngineError ? error.code : "failed";
      const text = error instanceof Error ? error.message : String(error);
      answer({ kind: "answer", id: request.id, ok: false, error: { message: text, code } });
    }
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
