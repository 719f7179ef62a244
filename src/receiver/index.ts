/**
 * A live receiver of OpenTelemetry traces: OTLP/HTTP, `POST /v1/traces`, JSON or protobuf, gzip or plain. What arrives
 * is appended to a native log, so that a server in any language stands in the timeline beside the probe's record.
 * Loopback alone, and only for requests that name this machine: a page in a browser cannot send to it.
 */
import { type FileHandle, open } from "node:fs/promises";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { basename } from "node:path";
import type { RecordSink } from "../formats/format";
import { encodeNative } from "../formats/native";
import { OtlpReader } from "../formats/otlp";
import { BodyError, readBody } from "./body";
import { decodeTraces, encodeAnswer, type TraceAnswer } from "./protobuf";

export interface ReceiverOptions {
  log: string;
  /** 0: any free one. OpenTelemetry's SDKs send to 4318. */
  port: number;
}

export interface Receiver {
  url: string;
  close(): Promise<void>;
}

const PATH = "/v1/traces";
const PROTOBUF = "application/x-protobuf";

/** Resolves when the receiver listens. */
export async function startReceiver({ log, port }: ReceiverOptions): Promise<Receiver> {
  const file = await open(log, "a", 0o600);
  const intake = new Intake(file, basename(log));
  const server = createServer((request, response) => void answer(intake, request, response));
  try {
    await new Promise<void>((listening, failed) => {
      server.once("error", failed);
      server.listen(port, "127.0.0.1", listening);
    });
  } catch (error) {
    await file.close();
    throw error;
  }
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async close() {
      const closed = new Promise((done) => server.close(done));
      server.closeAllConnections();
      await closed;
      await intake.settled();
      await file.close();
      if (intake.failure) throw new Error(`a part of what came is not in ${log}: ${intake.failure.message}`);
    },
  };
}

/** Batches become lines, written whole and in the order in which they came. */
class Intake implements RecordSink {
  private readonly reader: OtlpReader;
  private lines = "";
  private problems: string[] = [];
  private writing: Promise<void> = Promise.resolve();
  /** What kept a batch out of the log, the last time. */
  failure: Error | null = null;

  constructor(
    private readonly file: FileHandle,
    name: string,
  ) {
    this.reader = new OtlpReader(this, { file: name });
  }

  record(record: Parameters<RecordSink["record"]>[0]): void {
    if (record.type !== "stamp") this.lines += encodeNative(record);
  }

  problem(_line: number, reason: string): void {
    this.problems.push(reason);
  }

  /** What could not be used, in words. */
  async take(document: unknown): Promise<string[]> {
    const { resourceSpans } = document as { resourceSpans?: unknown };
    for (const one of Array.isArray(resourceSpans) ? resourceSpans : [])
      this.reader.batch(one, JSON.stringify(one).slice(0, 4096), 1);
    const { lines, problems } = this;
    this.lines = "";
    this.problems = [];
    if (lines !== "") await this.append(lines);
    return problems;
  }

  /** Behind the batches before, whether they could be written or not: a disk that was full may have room again. */
  private append(lines: string): Promise<void> {
    const written = this.writing.then(() => this.file.appendFile(lines));
    this.writing = written.catch((error: Error) => {
      this.failure = error;
    });
    return written;
  }

  settled(): Promise<void> {
    return this.writing;
  }
}

async function answer(intake: Intake, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const type = (request.headers["content-type"] ?? "").split(";", 1)[0]!.trim().toLowerCase();
  const send = (status: number, body: object): void => {
    const bytes = type === PROTOBUF && status === 200 ? encodeAnswer(body as TraceAnswer) : JSON.stringify(body);
    response.writeHead(status, { "content-type": type === PROTOBUF && status === 200 ? PROTOBUF : "application/json" });
    response.end(bytes);
  };
  try {
    refuse(request, type);
    const body = await readBody(request);
    const problems = await intake.take(documentOf(type, body));
    const partialSuccess = { rejectedSpans: problems.length, errorMessage: problems.slice(0, 3).join("; ") };
    send(200, problems.length > 0 ? { partialSuccess } : {});
  } catch (error) {
    if (error instanceof BodyError) send(error.status, { code: 3, message: error.message });
    else send(500, { code: 13, message: "the log cannot be written" });
  }
}

/** What is not for this receiver; a page elsewhere that reaches it by a name of its own, above all. */
function refuse(request: IncomingMessage, type: string): void {
  const host = (request.headers.host ?? "").replace(/:\d+$/, "");
  if (host !== "127.0.0.1" && host !== "localhost") throw new BodyError(403, "this receiver is for this machine alone");
  if (request.headers.origin !== undefined) throw new BodyError(403, "this receiver is not for pages in a browser");
  if (request.url?.split("?", 1)[0] !== PATH) throw new BodyError(404, `only ${PATH} is received`);
  if (request.method !== "POST") throw new BodyError(405, "only POST");
  if (type !== PROTOBUF && type !== "application/json") throw new BodyError(415, "only JSON and protobuf are received");
}

function documentOf(type: string, body: Buffer): unknown {
  try {
    const document: unknown = type === PROTOBUF ? decodeTraces(body) : JSON.parse(body.toString("utf8"));
    if (typeof document === "object" && document !== null) return document;
  } catch {
    // Told below.
  }
  throw new BodyError(400, "not an OTLP trace export");
}
