/** The bench's host: serves the page, and relays its questions to the real engine in its worker thread. */
import { once } from "node:events";
import { createReadStream } from "node:fs";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { EngineCallError, EngineClient } from "../../src/engine/node/client";
import type { FromPage, SessionInfo, ToPage } from "../../src/protocol/messages";
import { decode, encode } from "./wire";

const TYPES: Record<string, string> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript",
  ".css": "text/css",
};

export class BenchHost {
  /** Bytes of the answers, by method. */
  readonly bytes = new Map<string, { messages: number; total: number; largest: number }>();
  readonly #server = createServer((request, response) => void this.#serve(request, response));

  private constructor(
    private readonly engine: EngineClient,
    private readonly session: SessionInfo,
    private readonly folder: string,
  ) {}

  static async start(script: string, paths: string[], folder: string): Promise<BenchHost> {
    const engine = new EngineClient(script);
    const session = await engine.call("open", { paths, follow: false });
    const host = new BenchHost(engine, session, folder);
    host.#server.listen(0, "127.0.0.1");
    await once(host.#server, "listening");
    return host;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/`;
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await this.engine.close();
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (request.method === "GET") {
      const path = request.url === "/" ? "/index.html" : request.url!;
      response.setHeader("content-type", TYPES[/\.\w+$/.exec(path)?.[0] ?? ""] ?? "application/octet-stream");
      createReadStream(join(this.folder, path))
        .on("error", () => response.writeHead(404).end())
        .pipe(response);
      return;
    }
    const chunks: Uint8Array[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const body = Buffer.concat(chunks);
    const message = decode(
      body.buffer.slice(body.byteOffset, body.byteOffset + body.length) as ArrayBuffer,
    ) as FromPage;
    const answer = await this.#answer(message);
    const encoded = answer ? encode(answer) : new Uint8Array();
    if (message.kind === "request") this.#count(message.method, encoded.length);
    response.end(encoded);
  }

  #count(method: string, size: number): void {
    const sum = this.bytes.get(method) ?? { messages: 0, total: 0, largest: 0 };
    this.bytes.set(method, {
      messages: sum.messages + 1,
      total: sum.total + size,
      largest: Math.max(sum.largest, size),
    });
  }

  async #answer(message: FromPage): Promise<ToPage | null> {
    const { key, name } = this.session;
    if (message.kind === "action")
      return message.action === "ready"
        ? { kind: "host", message: "sessions", sessions: [{ key, name, recording: false }], current: key }
        : null;
    try {
      return {
        kind: "answer",
        id: message.id,
        ok: true,
        result: await this.engine.call(message.method, message.params),
      };
    } catch (error) {
      const code = error instanceof EngineCallError ? error.code : "failed";
      return { kind: "answer", id: message.id, ok: false, error: { message: String(error), code } };
    }
  }
}
