/** What VS Code and the engine's worker are to the panel, a report's file is to itself: it answers the same messages. */
import { EngineError } from "../../src/engine/errors";
import { answer, isQuery } from "../../src/engine/queries";
import { type ReportData, unpackReport } from "../../src/engine/report-data";
import type { Session } from "../../src/engine/session";
import type { EngineRequest, FromPage, PageAction, ToPage } from "../../src/protocol/messages";
import type { HostApi } from "../host/api";
import { copyText } from "./copy-text";
import { saveFile } from "./save-file";

/** Lets the browser draw and hear the user while a long answer is worked out. */
const pause = () => new Promise<void>((resolve) => setTimeout(resolve));

export class ReportHost implements HostApi {
  readonly hasEditor = false;
  private readonly session: Promise<Session>;

  constructor(
    data: ReportData,
    bytes: Promise<Uint8Array<ArrayBuffer>>,
    private readonly send: (message: ToPage) => void,
  ) {
    this.session = bytes.then((bytes) => unpackReport(data, bytes));
    // Whoever waits for it hears of it.
    this.session.catch(() => undefined);
  }

  postMessage(message: FromPage): void {
    if (message.kind === "request") void this.answer(message);
    else
      this.act(message).catch((error: unknown) => this.send({ kind: "host", message: "failed", text: textOf(error) }));
  }

  /** A report opened again begins anew. */
  getState(): null {
    return null;
  }

  setState(): void {}

  private async answer({ id, method, params }: EngineRequest): Promise<void> {
    try {
      if (!isQuery(method)) throw new EngineError("invalid", `a report does not ${method}`);
      const result = await answer(await this.session, method, params as never, pause);
      this.send({ kind: "answer", id, ok: true, result });
    } catch (error) {
      const code = error instanceof EngineError ? error.code : "failed";
      this.send({ kind: "answer", id, ok: false, error: { message: textOf(error), code } });
    }
  }

  /** The others need an editor, and the page does not offer them here. */
  private async act(action: PageAction): Promise<void> {
    if (action.action === "copy") await copyText(action.text);
    if (action.action === "save-svg") saveFile(`${action.name}.svg`, "image/svg+xml", action.svg);
    if (action.action !== "ready") return;
    const { key, name } = await this.session;
    this.send({ kind: "host", message: "sessions", sessions: [{ key, name, recording: false }], current: key });
  }
}

const textOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
