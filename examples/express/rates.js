// The other service: it knows what a currency is worth, and takes its time to say so.
import { once } from "node:events";
import { createServer } from "node:http";

const RATES = { chf: 0.95, eur: 0.92, gbp: 0.79, usd: 1 };
const THINKING_MS = 120;

/** Starts the service on a free port of the loopback interface. */
export async function startRates() {
  const server = createServer((request, response) => {
    const rate = RATES[request.url.slice(1).toLowerCase()];
    setTimeout(() => {
      response.writeHead(rate === undefined ? 404 : 200, { "Content-Type": "application/json" });
      response.end(JSON.stringify({ rate: rate ?? null }));
    }, THINKING_MS);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `http://127.0.0.1:${server.address().port}`,
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}
