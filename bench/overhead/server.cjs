// The server under measurement: `http` (13 bytes), `express` (1 KB of JSON) or `outgoing` (one request to a backend).
// Tells its port, and its CPU time and memory when asked. PINO_LOG puts pino-http in front, writing to that file.
const http = require("node:http");
const path = require("node:path");
const v8 = require("node:v8");

const peers = (name) => require(require.resolve(name, { paths: [__dirname, path.resolve(__dirname, "..")] }));
const [, , kind, backend] = process.argv;

const JSON_BODY = {
  items: Array.from({ length: 16 }, (_, id) => ({ id, name: `item number ${id}`, price: id * 1.5, tags: ["a", "b"] })),
};
const agent = new http.Agent({ keepAlive: true, maxSockets: 64 });

const handlers = {
  http: () => (_, response) => response.end("Hello, world!"),
  outgoing: () => (_, response) =>
    http.get({ port: Number(backend), agent }, (answer) =>
      answer.resume().on("end", () => response.end("Hello, world!")),
    ),
  express: () => {
    const app = require("express")();
    app.get("/items/:id", (request, response) => response.json({ id: request.params.id, ...JSON_BODY }));
    return app;
  },
};

const handler = handlers[kind]();
let listener = handler;
if (process.env.PINO_LOG) {
  const pino = peers("pino");
  const logger = peers("pino-http")({ logger: pino(pino.destination({ dest: process.env.PINO_LOG, sync: false })) });
  listener = (request, response) => {
    logger(request, response);
    handler(request, response);
  };
}
const server = http.createServer(listener);
// A backend must not close what the client is about to use.
server.keepAliveTimeout = 600_000;
server.listen(0, "127.0.0.1", () => process.send({ port: server.address().port }));
// V8 sizes its nursery by luck, up to 32 MB: it is left out.
const nursery = () => v8.getHeapSpaceStatistics().find((space) => space.space_name === "new_space").physical_space_size;
process.on("message", () => process.send({ cpu: process.cpuUsage(), memory: process.memoryUsage().rss - nursery() }));
process.on("disconnect", () => process.exit());
