import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { JsonTraceSerializer, ProtobufTraceSerializer } from "@opentelemetry/otlp-transformer";
import fc from "fast-check";
import { postTraces } from "../../../src/cli/otlp-post";
import { encodeOtlp } from "../../../src/formats/otlp-out";
import { type Receiver, startReceiver } from "../../../src/receiver";
import { opened, session } from "../formats/exchange";
import { judge, OLD, recorded, STABLE } from "../formats/otel-spans";
import { decode } from "../formats/stamps";

const JSON_TYPE = "application/json";
const PROTOBUF = "application/x-protobuf";

describe("the OTLP receiver", () => {
  let folder: string;
  let receiver: Receiver;
  let log: string;

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), "request-timeline-receiver-"));
    log = join(folder, "otlp.ndjson");
    receiver = await startReceiver({ log, port: 0 });
  });
  afterEach(async () => {
    await receiver.close();
    rmSync(folder, { recursive: true });
  });

  const post = (body: Uint8Array | string, headers: Record<string, string>, path = "/v1/traces", method = "POST") =>
    new Promise<{ status: number; body: Buffer }>((done, failed) => {
      const sent = request(receiver.url + path, { method, headers }, async (response) => {
        const parts: Buffer[] = [];
        for await (const part of response) parts.push(part);
        done({ status: response.statusCode!, body: Buffer.concat(parts) });
      });
      sent.on("error", failed).end(body);
    });
  const records = () => decode(readFileSync(log, "utf8")).records;

  for (const [name, attributes] of Object.entries({ stable: STABLE, old: OLD }))
    for (const gzip of [false, true]) {
      const headers = (type: string) => ({ "content-type": type, ...(gzip && { "content-encoding": "gzip" }) });
      const packed = (bytes: Uint8Array) => (gzip ? gzipSync(bytes) : bytes);

      it(`reads what OpenTelemetry's serialisers write (${name} attributes${gzip ? ", gzip" : ""})`, async () => {
        const spans = recorded(attributes);
        const json = await post(packed(JsonTraceSerializer.serializeRequest(spans)!), headers(JSON_TYPE));
        assert.deepEqual([json.status, json.body.toString()], [200, "{}"]);
        judge(records());
      });

      it(`reads their protobuf the same (${name} attributes${gzip ? ", gzip" : ""})`, async () => {
        const answer = await post(
          packed(ProtobufTraceSerializer.serializeRequest(recorded(attributes))!),
          headers(PROTOBUF),
        );
        assert.deepEqual([answer.status, answer.body.length], [200, 0]);
        assert.deepEqual(ProtobufTraceSerializer.deserializeResponse(answer.body), {});
        judge(records());
      });
    }

  it("says which spans it could not use, in both encodings", async () => {
    const bad = { resourceSpans: [{ scopeSpans: [{ spans: [{ name: "x" }] }] }] };
    const { body } = await post(JSON.stringify(bad), { "content-type": JSON_TYPE });
    assert.deepEqual(JSON.parse(body.toString()).partialSuccess.rejectedSpans, 1);
  });

  it("takes what an export sends, and the requests are the same", async () => {
    const { items } = await session("one boot");
    await postTraces(`${receiver.url}/v1/traces`, encodeOtlp(items));
    const { items: again } = await opened({ "otlp.ndjson": readFileSync(log) });
    const marks = (all: typeof items) => all.map(({ request }) => JSON.stringify(request.marks)).sort();
    assert.deepEqual(marks(again), marks(items));
  });

  it("is for this machine alone, for traces alone, and for no page in a browser", async () => {
    const type = { "content-type": JSON_TYPE };
    assert.equal((await post("{}", { ...type, host: "evil.example" })).status, 403);
    assert.equal((await post("{}", { ...type, origin: "http://localhost:3000" })).status, 403);
    assert.equal((await post("{}", type, "/v1/logs")).status, 404);
    assert.equal((await post("", type, "/v1/traces", "GET")).status, 405);
    assert.equal((await post("{}", { "content-type": "text/plain" })).status, 415);
    assert.equal((await post("{}", { ...type, "content-encoding": "br" })).status, 415);
    assert.equal((await post("x", { ...type, "content-encoding": "gzip" })).status, 400);
    assert.equal((await post(gzipSync(Buffer.alloc(17 << 20)), { ...type, "content-encoding": "gzip" })).status, 413);
  });

  it("tells each sender that a full disk has not taken its spans, and at the end who runs it", async () => {
    const onFullDisk = await startReceiver({ log: "/dev/full", port: 0 });
    const spans = ProtobufTraceSerializer.serializeRequest(recorded(STABLE))!;
    for (const expected of [500, 500]) {
      const { status } = await fetch(`${onFullDisk.url}/v1/traces`, {
        method: "POST",
        headers: { "content-type": PROTOBUF },
        body: spans as Uint8Array<ArrayBuffer>,
      });
      assert.equal(status, expected);
    }
    await assert.rejects(onFullDisk.close(), /a part of what came is not in \/dev\/full: ENOSPC/);
    await assert.rejects(fetch(onFullDisk.url));
  });

  it("answers whatever comes, and goes on", async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 200 }), fc.constantFrom(JSON_TYPE, PROTOBUF), async (bytes, type) => {
        const { status } = await post(bytes, { "content-type": type });
        assert.ok(status === 200 || status === 400, `${status}`);
      }),
      { numRuns: process.env.SOAK ? 5_000 : 100 },
    );
    await post(ProtobufTraceSerializer.serializeRequest(recorded(STABLE))!, { "content-type": PROTOBUF });
    judge(records());
  });
});
