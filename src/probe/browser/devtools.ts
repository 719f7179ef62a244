/** The DevTools protocol over a pair of pipes: JSON messages, each ended by a NUL. */

import type { Readable, Writable } from "node:stream";
import { StringDecoder } from "node:string_decoder";

export type Params = Record<string, unknown>;

export interface DevToolsEvent {
  method: string;
  params: Params;
  /** The target's session; absent for the browser itself. */
  sessionId?: string;
}

interface Waiting {
  resolve(result: Params): void;
  reject(error: Error): void;
}

export class DevTools {
  /** Called for each event, in order. */
  onEvent: (event: DevToolsEvent) => void = () => {};
  private readonly waiting = new Map<number, Waiting>();
  private readonly awaited = new Map<string, Waiting>();
  private readonly decoder = new StringDecoder("utf8");
  private parts: string[] = [];
  private last = 0;
  private closed = false;

  constructor(
    private readonly to: Writable,
    from: Readable,
  ) {
    from.on("data", (bytes: Buffer) => this.receive(this.decoder.write(bytes)));
    from.on("close", () => this.close());
    to.on("error", () => this.close());
  }

  /** Rejects where the browser refuses, or where it is gone. */
  send(method: string, params: Params = {}, sessionId?: string): Promise<Params> {
    if (this.closed) return Promise.reject(new Error("the browser is gone"));
    const id = ++this.last;
    return new Promise((resolve, reject) => {
      this.waiting.set(id, { resolve, reject });
      this.to.write(`${JSON.stringify({ id, method, params, sessionId })}\0`);
    });
  }

  /** The parameters of the next event of that name. Rejects where the browser is gone. */
  next(method: string): Promise<Params> {
    return new Promise((resolve, reject) => this.awaited.set(method, { resolve, reject }));
  }

  private receive(text: string): void {
    let start = 0;
    for (let end = text.indexOf("\0"); end >= 0; end = text.indexOf("\0", start)) {
      this.parts.push(text.slice(start, end));
      start = end + 1;
      const message = this.parts.join("");
      this.parts = [];
      this.dispatch(message);
    }
    if (start < text.length) this.parts.push(text.slice(start));
  }

  private dispatch(text: string): void {
    const message = JSON.parse(text) as DevToolsEvent & { id?: number; result?: Params; error?: { message: string } };
    if (message.id === undefined) {
      this.awaited.get(message.method)?.resolve(message.params);
      this.awaited.delete(message.method);
      this.onEvent(message);
      return;
    }
    const waiting = this.waiting.get(message.id);
    this.waiting.delete(message.id);
    if (message.error) waiting?.reject(new Error(`the browser refuses: ${message.error.message}`));
    else waiting?.resolve(message.result ?? {});
  }

  private close(): void {
    this.closed = true;
    for (const waiting of [this.waiting, this.awaited]) {
      for (const { reject } of waiting.values()) reject(new Error("the browser is gone"));
      waiting.clear();
    }
  }
}
