// A small application whose routes spend their time in different places.
import express from "express";
import { startRates } from "./rates.js";

const app = express();
const rates = await startRates();

/** Answers at once. */
app.get("/", (_request, response) => {
  response.json({ routes: ["/", "/primes/:limit", "/prices/:currency", "/report", "/broken"] });
});

/** Slow in its own code: it counts primes, and nobody else is served meanwhile. */
app.get("/primes/:limit", (request, response) => {
  const limit = Math.min(Number(request.params.limit) || 0, 3_000_000);
  let count = 0;
  for (let candidate = 2; candidate <= limit; candidate++) if (isPrime(candidate)) count++;
  response.json({ limit, count });
});

/** Waits for another service. */
app.get("/prices/:currency", async (request, response) => {
  const answer = await fetch(`${rates.url}/${encodeURIComponent(request.params.currency)}`);
  if (!answer.ok) return response.status(404).json({ error: "no such currency" });
  const { rate } = await answer.json();
  response.json({ currency: request.params.currency, price: 100 * rate });
});

/** Streams: the first line leaves at once, the last one half a second later. */
app.get("/report", (_request, response) => {
  response.type("text/plain");
  let line = 0;
  const timer = setInterval(() => {
    response.write(`line ${++line}\n`);
    if (line === 10) {
      clearInterval(timer);
      response.end();
    }
  }, 50);
  response.on("close", () => clearInterval(timer));
});

/** Fails, as code does. */
app.get("/broken", () => {
  throw new Error("this route always fails");
});

function isPrime(candidate) {
  for (let divisor = 2; divisor * divisor <= candidate; divisor++) if (candidate % divisor === 0) return false;
  return true;
}

// What a route throws goes to whoever asked as a sentence, not as a stack trace.
app.use((error, _request, response, _next) => {
  response.status(500).json({ error: error.message });
});

const server = app.listen(Number(process.env.PORT ?? 3000), "127.0.0.1", (error) => {
  if (error) throw error;
  console.log(`listening on http://127.0.0.1:${server.address().port}`);
});

for (const signal of ["SIGINT", "SIGTERM"])
  process.once(signal, () => {
    rates.close();
    server.close();
    server.closeAllConnections();
  });
