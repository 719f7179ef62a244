/** The page's end of the protocol: questions with their answers, actions, and what the host says unasked. */
import type {
  Answer,
  EngineEvent,
  EngineMethod,
  EngineParams,
  EngineRequest,
  EngineResult,
  HostMessage,
  PageAction,
  ToPage,
} from "../../src/protocol/messages";
import type { HostApi } from "./api";

type FailureCode = (Answer & { ok: false })["error"]["code"];

/** A question that was answered with a failure. */
export class Refused extends Error {
  constructor(
    message: string,
    readonly code: FailureCode,
  ) {
    super(message);
  }
}

export interface Listener {
  event(event: EngineEvent): void;
  host(message: HostMessage): void;
}

export class Conversation {
  #next = 1;
  readonly #waiting = new Map<number, { resolve(result: unknown): void; reject(error: Refused): void }>();

  constructor(
    private readonly api: Pick<HostApi, "postMessage">,
    private readonly listener: Listener,
  ) {}

  /** Rejects with `Refused` and with nothing else. */
  ask<M extends EngineMethod>(method: M, params: EngineParams<M>): Promise<EngineResult<M>> {
    const id = this.#next++;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve: (result) => resolve(result as EngineResult<M>), reject });
      this.api.postMessage({ kind: "request", id, method, params } as EngineRequest);
    });
  }

  act(action: PageAction): void {
    this.api.postMessage(action);
  }

  receive(message: ToPage): void {
    switch (message.kind) {
      case "answer":
        this.#answer(message);
        break;
      case "event":
        this.listener.event(message);
        break;
      case "host":
        this.listener.host(message);
        break;
      default:
        message satisfies never;
    }
  }

  #answer(answer: Answer): void {
    const waiting = this.#waiting.get(answer.id);
    if (!waiting) return;
    this.#waiting.delete(answer.id);
    if (answer.ok) waiting.resolve(answer.result);
    else waiting.reject(new Refused(answer.error.message, answer.error.code));
  }
}
