// node:http answering 13 bytes on streams in memory: no socket, no kernel. Prints the µs a request of the fastest tenth
// of many small windows.
const http = require("node:http");
const { Duplex } = require("node:stream");

const CONNECTIONS = 4;
const TURNS = 25;
const WINDOWS = 600;
const REQUEST = Buffer.from("GET / HTTP/1.1\r\nHost: 127.0.0.1:8080\r\n\r\n");

/** What node:http asks of a socket. */
class Connection extends Duplex {
  _handle = {
    writeQueueSize: 0,
    readStart() {},
    readStop() {},
    getpeername: (out) => Object.assign(out, { address: "127.0.0.1", port: 50000 }),
    getsockname: (out) => Object.assign(out, { address: "127.0.0.1", port: 8080 }),
  };
  _read() {}
  _write(_chunk, _encoding, done) {
    done();
  }
  setTimeout() {
    return this;
  }
}

const server = http.createServer((_, response) => response.end("Hello, world!"));
server.listen(0, "127.0.0.1", () => {
  const connections = Array.from({ length: CONNECTIONS }, () => new Connection());
  for (const connection of connections) server.emit("connection", connection);
  const windows = [];
  let turns = 0;
  let began = performance.now();
  setImmediate(function turn() {
    if (turns === TURNS) {
      windows.push(((performance.now() - began) * 1000) / (TURNS * CONNECTIONS));
      if (windows.length === WINDOWS) {
        const warm = windows.slice(WINDOWS / 2).sort((a, b) => a - b);
        console.log(warm[Math.floor(warm.length / 10)]);
        process.exit();
      }
      turns = 0;
      began = performance.now();
    }
    turns++;
    for (const connection of connections) connection.push(REQUEST);
    setImmediate(turn);
  });
});
