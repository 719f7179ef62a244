/**
 * A server as a team has it that knows nothing of us: Node's http under OpenTelemetry's own instrumentation, whose spans
 * go where OTEL_EXPORTER_OTLP_ENDPOINT says. The application says in its handler which code it is, as the conventions
 * for code attributes have it. Prints its address; SIGTERM ends it, with all spans sent.
 */
const { registerInstrumentations } = require("@opentelemetry/instrumentation");
const { HttpInstrumentation } = require("@opentelemetry/instrumentation-http");
const { NodeTracerProvider, BatchSpanProcessor } = require("@opentelemetry/sdk-trace-node");
const { OTLPTraceExporter } = require("@opentelemetry/exporter-trace-otlp-http");

const provider = new NodeTracerProvider({ spanProcessors: [new BatchSpanProcessor(new OTLPTraceExporter())] });
provider.register();
registerInstrumentations({ instrumentations: [new HttpInstrumentation()] });

const { trace } = require("@opentelemetry/api");
const { createServer } = require("node:http");

function show(_request, response) {
  trace.getActiveSpan()?.setAttributes({
    "code.file.path": __filename,
    "code.line.number": 18,
    "code.function.name": show.name,
  });
  const work = trace.getTracer("shop").startSpan("read the shelf");
  setTimeout(() => {
    work.end();
    response.end("six books");
  }, 5);
}

const server = createServer(show).listen(Number(process.env.PORT ?? 0), "127.0.0.1", () => {
  process.stdout.write(`listening on http://127.0.0.1:${server.address().port}\n`);
});
process.once("SIGTERM", async () => {
  server.close();
  server.closeAllConnections();
  await provider.shutdown();
});
