/** Passes a page's question to the engine. Every question gets exactly one answer. */
import type { Answer } from "../protocol/messages";
import type { EngineHost } from "./engine-host";
import type { RelayedRequest } from "./page-messages";
import type { Sessions } from "./sessions";

type Failure = Extract<Answer, { ok: false }>["error"];

export async function relay(
  engine: EngineHost,
  sessions: Sessions,
  { id, method, params }: RelayedRequest,
  pages: string,
): Promise<Answer> {
  try {
    // A page asks about sessions that this window knows, and about no other path.
    await sessions.open(params.session);
    if ("base" in params) await sessions.open(params.base);
  } catch (error) {
    return { kind: "answer", id, ok: false, error: { ...failureOf(error), code: "unknown-session" } };
  }
  try {
    const own = "page" in params ? { ...params, page: `${pages}/${params.page}` } : params;
    return { kind: "answer", id, ok: true, result: await engine.request(method, own as typeof params) };
  } catch (error) {
    return { kind: "answer", id, ok: false, error: failureOf(error) };
  }
}

const CODES: readonly string[] = ["failed", "stale", "unknown-session", "invalid"] satisfies Failure["code"][];

function failureOf(error: unknown): Failure {
  const message = error instanceof Error ? error.message : String(error);
  const code = error instanceof Error && "code" in error ? String(error.code) : "failed";
  return { message, code: CODES.includes(code) ? (code as Failure["code"]) : "failed" };
}
