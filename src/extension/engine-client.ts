/** Asks the engine's worker thread: one answer for every question, also when the thread dies. */
import { Worker } from "node:worker_threads";
import type { Answer, EngineEvent, EngineMethod, EngineParams, EngineResult } from "../protocol/messages";

interface Waiting {
  resolve: (result: never) => void;
  reject: (error: Error) => void;
}

export class EngineClient {
  private readonly worker: Worker;
  private readonly waiting = new Map<number, Waiting>();
  private last = 0;

  constructor(file: string, onEvent: (event: EngineEvent) => void) {
    this.worker = new Worker(file);
    this.worker.on("message", (message: Answer | EngineEvent) => {
      if (message.kind === "event") onEvent(message);
      else this.settle(message);
    });
    this.worker.on("error", (error) => this.failAll(error));
    this.worker.on("exit", () => this.failAll(new Error("the engine has ended")));
  }

  request<M extends EngineMethod>(method: M, params: EngineParams<M>): Promise<EngineResult<M>> {
    const id = ++this.last;
    return new Promise((resolve, reject) => {
      this.waiting.set(id, { resolve, reject });
      this.worker.postMessage({ kind: "request", id, method, params });
    });
  }

  dispose(): void {
    void this.worker.terminate();
  }

  private settle(answer: Answer): void {
    const waiting = this.waiting.get(answer.id);
    this.waiting.delete(answer.id);
    if (answer.ok) waiting?.resolve(answer.result as never);
    else waiting?.reject(Object.assign(new Error(answer.error.message), { code: answer.error.code }));
  }

  private failAll(error: Error): void {
    for (const { reject } of this.waiting.values()) reject(error);
    this.waiting.clear();
  }
}
