/** The engine's worker thread: answers `EngineRequest`s of its parent, pushes `EngineEvent`s. */
import { parentPort } from "node:worker_threads";
import type { Answer, EngineEvent, RowWindow } from "../../protocol/messages";
import { EngineError } from "../errors";
import { Engine } from "./engine";
import { readRequest } from "./validate";

const port = parentPort;
if (!port) throw new Error("the engine is a worker thread");

const engine = new Engine(
  (event: EngineEvent) => port.postMessage(event),
  () => new Promise((resolve) => setImmediate(resolve)),
);

const isWindow = (result: unknown): result is RowWindow =>
  typeof result === "object" && result !== null && "dictionary" in result && "times" in result;

port.on("message", async (message: unknown) => {
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
      ? [result.index, result.bits, result.times, result.values, result.texts, result.children, result.childTexts].map(
          (column) => column.buffer as ArrayBuffer,
        )
      : [];
    answer({ kind: "answer", id: request.id, ok: true, result }, transfer);
  } catch (error) {
    const code = error instanceof EngineError ? error.code : "failed";
    const text = error instanceof Error ? error.message : String(error);
    answer({ kind: "answer", id: request.id, ok: false, error: { message: text, code } });
  }
});

function answer(message: Answer, transfer: ArrayBuffer[] = []): void {
  port?.postMessage(message, transfer);
}
