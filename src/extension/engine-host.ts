/**
 * The engine's worker thread, started when something first asks for it. Everything that reads a session asks here, so
 * that the extension host itself never parses a log.
 */
import * as vscode from "vscode";
import { EngineClient } from "../engine/node/client";
import type { EngineEvent, EngineMethod, EngineParams, EngineResult } from "../protocol/messages";

export class EngineHost implements vscode.Disposable {
  private client: EngineClient | null = null;
  private readonly events = new vscode.EventEmitter<EngineEvent>();
  private readonly ends = new vscode.EventEmitter<Error>();
  readonly onEvent = this.events.event;
  /** The thread is gone, and with it what was open; the next request starts another. */
  readonly onDidEnd = this.ends.event;

  constructor(private readonly workerFile: string) {}

  request<M extends EngineMethod>(method: M, params: EngineParams<M>): Promise<EngineResult<M>> {
    this.client ??= this.start();
    return this.client.call(method, params);
  }

  dispose(): void {
    this.events.dispose();
    this.ends.dispose();
    void this.client?.close();
  }

  private start(): EngineClient {
    const client = new EngineClient(this.workerFile, (error) => {
      this.client = null;
      this.ends.fire(error);
    });
    client.onEvent((event) => this.events.fire(event));
    return client;
  }
}
