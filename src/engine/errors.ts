/** Why a request of the protocol failed. */
import type { Answer } from "../protocol/messages";

export type ErrorCode = Extract<Answer, { ok: false }>["error"]["code"];

export class EngineError extends Error {
  constructor(
    readonly code: ErrorCode,
    message: string,
  ) {
    super(message);
  }
}
