import assert from "node:assert/strict";
import { JsonTraceSerializer } from "@opentelemetry/otlp-transformer";
import fc from "fast-check";
import { otlp } from "../../../src/formats/otlp";
import { encodeOtlp } from "../../../src/formats/otlp-out";
import { FORMATS } from "../../../src/formats/registry";
import type { LogRecord, StampRecord } from "../../../src/model/record";
import { opened, session, written } from "./exchange";
import { judge, OLD, of, recorded, STABLE } from "./otel-spans";
import { decode } from "./stamps";

const json = (spans: ReturnType<typeof recorded>): string =>
  new TextDecoder().decode(JsonTraceSerializer.serializeRequest(spans));

describe("OTLP/JSON", () => {
  for (const [name, attributes] of Object.entries({ STABLE, OLD }))
    it(`of OpenTelemetry's serialiser is read field for field (${name.toLowerCase()} attributes)`, () => {
      const text = json(recorded(attributes));
      for (const variant of [text, `${text}\n`, JSON.stringify(JSON.parse(text), null, 2)]) {
        const { records, problems } = decode(variant);
        assert.deepEqual(problems, []);
        judge(records);
      }
    });

  it("of a server that nobody called in a trace has the span's own id: the one that it sends back, if any", () => {
    const root = JSON.parse(json(recorded(STABLE)), (key, value) => (key === "parentSpanId" ? undefined : value));
    const idOf = (text: string) => String(of(decode(text).records, "server")[0]!.id);
    const [own, callers] = [idOf(JSON.stringify(root)), idOf(json(recorded(STABLE)))];
    assert.match(own, /^[0-9a-f]{32}-[0-9a-f]{16}$/);
    assert.equal(own.slice(0, 32), callers.slice(0, 32));
    assert.notEqual(own, callers);
  });

  it("with ids in base64, integers as numbers and kinds as names is read the same", () => {
    const document = JSON.parse(json(recorded(STABLE)), (key, value) => {
      if (/^(?:trace|span|parentSpan)Id$/.test(key)) return Buffer.from(value, "hex").toString("base64");
      if (key === "intValue") return Number(value);
      if (key === "kind") return ["", "SPAN_KIND_INTERNAL", "SPAN_KIND_SERVER", "SPAN_KIND_CLIENT"][value];
      return value;
    });
    judge(decode(JSON.stringify(document)).records);
  });

  for (const clocks of ["one boot", "two machines"] as const)
    it(`goes out, in, and out again unchanged (${clocks})`, async () => {
      const { items } = await session(clocks);
      const first = written(encodeOtlp, items);
      const { items: again, problems } = await opened({ "session.jsonl": first });
      assert.deepEqual(problems, []);
      const lines = (text: string) =>
        text
          .split("\n")
          .filter(Boolean)
          .flatMap((line) =>
            JSON.parse(line).resourceSpans.flatMap(
              (one: { scopeSpans: { spans: object[] }[] }) => one.scopeSpans[0]!.spans,
            ),
          );
      const bySpan = (spans: { spanId: string }[]) => spans.sort((a, b) => a.spanId.localeCompare(b.spanId));
      assert.deepEqual(bySpan(lines(written(encodeOtlp, again))), bySpan(lines(first)));
      const byUrl = (all: typeof items) => new Map(all.map(({ request }) => [request.url, request]));
      for (const [url, request] of byUrl(items)) {
        const { marks, state, handler, status } = byUrl(again).get(url) ?? byUrl(again).get(url.replace(/^\//, "/"))!;
        assert.deepEqual(
          [marks, state, status, handler?.file],
          [request.marks, request.state, request.status, request.handler?.file],
        );
      }
    });

  it("printed over many lines has each request on the line of its span", async () => {
    const { items } = await session("one boot");
    const [first] = written(encodeOtlp, items).split("\n");
    const text = JSON.stringify(JSON.parse(first!), null, 1);
    const lines = text.split("\n");
    let requests = 0;
    const record = (one: LogRecord | StampRecord, line: number) => {
      if (one.type !== "server" && one.type !== "client") return;
      requests++;
      const trace = one.id?.split("-", 1)[0] ?? "";
      assert.equal(lines[line - 1]!.trim(), "{");
      assert.ok(lines[line]!.includes(`"traceId": "${trace}`), `${line}: ${lines[line]}`);
    };
    const decoder = otlp.open({ record, problem: assert.fail }, { file: "spans.json" });
    decoder.push(new TextEncoder().encode(text));
    decoder.end();
    assert.ok(requests > 1);
  });

  it("is told by its content, and by no other format", async () => {
    const { items } = await session("one boot");
    for (const text of [
      json(recorded(STABLE)),
      JSON.stringify({ resourceSpans: [] }, null, 2),
      written(encodeOtlp, items),
    ])
      assert.deepEqual(
        FORMATS.filter((format) => format.matches(text)).map(({ id }) => id),
        ["otlp"],
      );
  });

  it("gives the same records in chunks of any size", () => {
    const text = `${json(recorded(STABLE))}\n${json(recorded(OLD))}\n`;
    for (const chunk of [1, 7, 64]) assert.deepEqual(decode(text, { chunk }), decode(text));
  });

  it("loses no good line to a torn one before it", () => {
    const good = json(recorded(STABLE));
    fc.assert(
      fc.property(fc.integer({ min: 18, max: good.length }), fc.boolean(), (length, comma) => {
        const { records, problems } = decode(`${good.slice(0, length)}${comma ? "," : ""}\n${good}\n`);
        assert.ok(of(records, "server").length >= 1);
        assert.ok(problems.length <= 2);
      }),
      { numRuns: process.env.SOAK ? 20_000 : 300 },
    );
  });

  it("printed over many lines may hold a text of megabytes", () => {
    const good = JSON.parse(json(recorded(STABLE))).resourceSpans[0];
    for (const sign of ["a", "\n", '"']) {
      good.resource.attributes[0] = { key: "text", value: { stringValue: sign.repeat(10_000_000) } };
      const { records, problems } = decode(JSON.stringify({ resourceSpans: [good] }, null, 1));
      assert.deepEqual(problems, []);
      assert.equal(of(records, "server").filter(({ target }) => target === "/users/7?a=b").length, 1);
    }
  });

  it("with a number that is a list without end loses that attribute alone", () => {
    const good = JSON.parse(json(recorded(STABLE))).resourceSpans[0];
    const key = JSON.stringify({ key: "deep", value: { intValue: "HERE" } });
    good.resource.attributes.push("HERE");
    const text = JSON.stringify({ resourceSpans: [good] })
      .replace('"HERE"', key)
      .replace('"HERE"', "[".repeat(100_000) + "]".repeat(100_000));
    assert.equal(of(decode(text).records, "server").filter(({ target }) => target === "/users/7?a=b").length, 1);
  });

  it("with spans of any kind never throws, and keeps the good ones", () => {
    const good = JSON.parse(json(recorded(STABLE))).resourceSpans[0];
    const span = fc.record(
      {
        traceId: fc.anything(),
        kind: fc.constantFrom(2, 3, "SPAN_KIND_SERVER", null),
        attributes: fc.jsonValue(),
        startTimeUnixNano: fc.constantFrom("1", 5, "x", "99999999999999999999"),
      },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(fc.array(fc.oneof(fc.jsonValue(), span), { maxLength: 5 }), (spans) => {
        const { records } = decode(JSON.stringify({ resourceSpans: [{ scopeSpans: [{ spans }] }, ...spans, good] }));
        assert.equal(of(records, "server").filter(({ target }) => target === "/users/7?a=b").length, 1);
      }),
      { numRuns: process.env.SOAK ? 20_000 : 300 },
    );
  });
});
