/**
 * OTLP/JSON (https://opentelemetry.io/docs/specs/otlp/), traces: one document, or one a line (`.jsonl`, as the
 * collector's file exporter writes it). Server and client spans of HTTP become records, joined by the trace context;
 * spans beneath a server's become its children, where they were written before it (span processors do: a child
 * ends first). Old and new attribute names, integers as strings or numbers, ids in hex or base64 are read.
 * Not read: metrics, logs, links, spans that are not about HTTP and lie beneath no server's span.
 */
import type { ChildSpan } from "../model/record";
import { MICROS_PER_MILLI, type Micros } from "../model/time";
import { CREATOR } from "./exchange";
import { ForeignWriter } from "./foreign";
import type { Format, FormatContext, RecordSink } from "./format";
import { type ElementSink, jsonElements } from "./json-elements";
import { fieldOf, parseObject } from "./json-value";
import { type Attributes, textAt } from "./otlp-attributes";
import {
  clientRecord,
  isHttp,
  KIND,
  readSpan,
  resourceOf,
  type Span,
  serverRecord,
  sourceOf,
  spansOf,
} from "./otlp-span";
import { spanLines } from "./span-lines";

/** Spans that wait for the one above them; the oldest are forgotten. */
const MAX_WAITING = 20_000;
const MAX_CHILDREN = 200;

export const otlp: Format = {
  id: "otlp",
  label: "OpenTelemetry traces (OTLP/JSON)",
  matches: (head) => /^\uFEFF?\s*\{\s*"resourceSpans"\s*:/.test(head),
  open: (sink, context) => {
    const reader = new OtlpReader(sink, context);
    return jsonElements(reader, { paths: ["resourceSpans[]"], restart: '{"resourceSpans"' });
  },
};

export class OtlpReader implements ElementSink {
  private readonly writer: ForeignWriter;
  /** Spans by the span above them. */
  private readonly waiting = new Map<string, Span[]>();
  private waitingCount = 0;

  constructor(
    private readonly sink: RecordSink,
    context: FormatContext,
  ) {
    this.writer = new ForeignWriter(sink, context, "OTLP");
  }

  problem(line: number, reason: string): void {
    this.sink.problem(line, reason);
  }

  element(_path: string, text: string, line: number): boolean {
    const value = parseObject(text);
    if (typeof fieldOf(value, "problem") === "string") {
      this.sink.problem(line, String(fieldOf(value, "problem")));
      return false;
    }
    this.batch(value, text, line);
    return true;
  }

  /** One element of `resourceSpans`, whose text the seed is where it has one: spans of one process. */
  batch(value: unknown, seed: string, line: number): void {
    const resource = resourceOf(value);
    const spans: { span: Span; at: number }[] = [];
    const below = spanLines(seed);
    for (const [place, item] of spansOf(value).entries()) {
      const span = readSpan(item);
      const at = line + (below[place] ?? 0);
      if ("problem" in span) this.sink.problem(at, span.problem);
      else spans.push({ span, at });
    }
    for (const { span } of spans) if (span.parent !== null && span.kind !== KIND.server) this.wait(span);
    for (const { span, at } of spans) {
      if (!isHttp(span)) continue;
      if (span.kind === KIND.server) this.server(span, resource, seed, at);
      else if (span.kind === KIND.client) this.client(span, resource, seed, at);
    }
  }

  private wait(span: Span): void {
    const key = `${span.trace}-${span.parent}`;
    const siblings = this.waiting.get(key);
    if (siblings) siblings.push(span);
    else this.waiting.set(key, [span]);
    this.waitingCount++;
    while (this.waitingCount > MAX_WAITING) {
      const [oldest, spans] = this.waiting.entries().next().value!;
      this.waiting.delete(oldest);
      this.waitingCount -= spans.length;
    }
  }

  private server(span: Span, resource: Attributes, seed: string, line: number): void {
    this.use(span, resource, "server", seed, line);
    const children: ChildSpan[] = [];
    this.collect(span, children, line);
    const source = sourceOf(span.attributes);
    const handler = source && this.writer.source(source, line);
    this.writer.server({ ...serverRecord(span, children), ...(handler !== null && { handler }) }, line);
  }

  private client(span: Span, resource: Attributes, seed: string, line: number): void {
    this.use(span, resource, "client", seed, line);
    this.writer.client(clientRecord(span), line);
  }

  /** All that lies beneath the span, in the order of their starts. */
  private collect(above: Span, children: ChildSpan[], line: number): void {
    const key = `${above.trace}-${above.id}`;
    const spans = this.waiting.get(key) ?? [];
    this.waiting.delete(key);
    this.waitingCount -= spans.length;
    for (const span of spans.sort((a, b) => a.start - b.start)) {
      if (children.length >= MAX_CHILDREN) return;
      const source = sourceOf(span.attributes);
      children.push({
        kind: childKind(span),
        name: span.name,
        start: span.start,
        duration: span.end - span.start,
        ...(source && { source: this.writer.source(source, line) }),
      });
      this.collect(span, children, line);
    }
  }

  private use(span: Span, resource: Attributes, role: "server" | "client", seed: string, line: number): void {
    const host = textAt(resource, "host.name");
    const identity = ["service.name", "service.instance.id", "host.name", "process.pid"].map((key) =>
      textAt(resource, key),
    );
    // One clock a process; a client's and a server's side of it are two writers of the native log.
    const key = JSON.stringify([role, ...identity, span.marks !== null]);
    this.writer.use(
      key,
      seed,
      { role, grain: span.marks ? 1 : grainOf(resource), ...(host !== undefined && { host }) },
      line,
    );
  }
}

function childKind(span: Span): ChildSpan["kind"] {
  const ours = textAt(span.attributes, "request_timeline.child");
  return CHILD_KINDS.find((kind) => kind === ours) ?? (span.kind === KIND.client && isHttp(span) ? "http" : "measure");
}

const CHILD_KINDS: readonly ChildSpan["kind"][] = ["http", "lock", "disk", "measure", "cgi"];

/** SDKs of JavaScript cut a span's start to the millisecond. */
function grainOf(resource: Attributes): Micros {
  const ours = textAt(resource, "telemetry.sdk.name") === CREATOR;
  const language = textAt(resource, "telemetry.sdk.language");
  return !ours && (language === "nodejs" || language === "webjs") ? MICROS_PER_MILLI : 1;
}
