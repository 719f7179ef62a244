/**
 * The engine's worker thread: answers `EngineRequest`s of its parent, pushes `EngineEvent`s. Started in that role, it is
 * the thread that scans for the engine.
 */
import { parentPort, workerData } from "node:worker_threads";
import type { Answer, EngineEvent, RowWindow } from "../../protocol/messages";
import { EngineError } from "../errors";
import { Engine } from "./engine";
import { isScanRole, scanFiles, useScanThreads } from "./scan-thread";
import { readRequest } from "./validate";

const port = parentPort;
if (!port) throw new Error("the engine is a worker thread");
if (isScanRole(workerData)) scanFiles(port);
else {
  useScanThreads(__filename);
  port.on("message", (message: unknown) => void respond(message));
}

const engine = new Engine(
  (event: EngineEvent) => port.postMessage(event),
  () => new Promise((resolve) => setImmediate(resolve)),
);

const isWindow = (result: unknown): result is RowWindow =>
  typeof result === "object" && result !== null && "dictionary" in result && "times" in result;

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
}

function answer(message: Answer, transfer: ArrayBuffer[] = []): void {
  port?.postMessage(message, transfer);
}
