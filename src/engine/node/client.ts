/** The engine as the extension sees it: a worker thread behind typed calls. */
import { Worker } from "node:worker_threads";
import type {
  Answer,
  EngineEvent,
  EngineMethod,
  EngineParams,
  EngineRequest,
  EngineResult,
} from "../../protocol/messages";

/** A call that the engine refused; `code` is the protocol's. */
export class EngineCallError extends Error {
  constructor(
    message: string,
    readonly code: Extract<Answer, { ok: false }>["error"]["code"],
  ) {
    super(message);
  }
}

interface Waiting {
  resolve(result: unknown): void;
  reject(error: Error): void;
}

export class EngineClient {
  private readonly worker: Worker;
  private readonly waiting = new Map<number, Waiting>();
  private readonly listeners = new Set<(event: EngineEvent) => void>();
  private lastId = 0;
  private ended: Error | null = null;

  /** `script` is dist/engine.js; `onEnd` is told once when the thread is gone, whatever the reason. */
  constructor(
    script: string,
    private readonly onEnd: (error: Error) => void = () => undefined,
  ) {
    this.worker = new Worker(script, { name: "request-timeline engine" });
    this.worker.on("message", (message: Answer | EngineEvent) => this.receive(message));
    this.worker.on("error", (error: Error) => this.fail(error));
    this.worker.on("exit", () => this.fail(new Error("the engine has ended")));
  }

  call<M extends EngineMethod>(method: M, params: EngineParams<M>): Promise<EngineResult<M>> {
    if (this.ended) return Promise.reject(this.ended);
    const id = ++this.lastId;
    return new Promise((resolve, reject) => {
      this.waiting.set(id, { resolve: resolve as (result: unknown) => void, reject });
      this.worker.postMessage({ kind: "request", id, method, params } as EngineRequest);
    });
  }

  /** Returns what ends the listening. */
  onEvent(listener: (event: EngineEvent) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  async close(): Promise<void> {
    this.fail(new Error("the engine was closed"));
    await this.worker.terminate();
  }

  private receive(message: Answer | EngineEvent): void {
    if (message.kind === "event") {
      for (const listener of this.listeners) listener(message);
      return;
    }
    const waiting = this.waiting.get(message.id);
    this.waiting.delete(message.id);
    if (message.ok) waiting?.resolve(message.result);
    else waiting?.reject(new EngineCallError(message.error.message, message.error.code));
  }

  private fail(error: Error): void {
    if (this.ended) return;
    this.ended = error;
    for (const waiting of this.waiting.values()) waiting.reject(error);
    this.waiting.clear();
    this.onEnd(error);
  }
}
