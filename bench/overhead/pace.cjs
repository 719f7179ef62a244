// A client at a fixed rate that never sleeps, so that no answer has to wake it: what a server pays for its writes is then the
// same however fast it is. `node pace.cjs PORT PATH CONNECTIONS RATE SECONDS` prints the number of requests answered.
const net = require("node:net");

const [port, path, connections, rate, seconds] = process.argv.slice(2);
const request = `GET ${path} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\n\r\n`;
const free = [];
let answered = 0;
let sent = 0;
let began = 0;

/** An answer comes in one piece: it is small. */
function open() {
  const socket = net.connect(Number(port), "127.0.0.1", () => {
    free.push(socket);
    if (free.length === Number(connections)) {
      began = performance.now();
      setImmediate(turn);
    }
  });
  socket.setNoDelay(true).on("data", () => {
    answered++;
    free.push(socket);
  });
}

/** Sends what is due; a request for which no connection is free is late, not left out. */
function turn() {
  const due = Math.floor(((performance.now() - began) * Number(rate)) / 1000);
  while (sent < due && free.length > 0) {
    sent++;
    free.shift().write(request);
  }
  if (performance.now() - began < Number(seconds) * 1000) setImmediate(turn);
  else {
    process.stdout.write(`${answered} requests in ${seconds} s\n`);
    process.exit();
  }
}

for (let i = 0; i < Number(connections); i++) open();
