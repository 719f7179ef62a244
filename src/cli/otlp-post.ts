/** An OTLP/JSON export sent to a collector: one POST a document. */

/** A collector that holds a request longer is taken for dead. */
const TIMEOUT_MS = 30_000;

/** Rejects with the collector's own words where it refuses. */
export async function postTraces(url: string, documents: Iterable<string> | AsyncIterable<string>): Promise<void> {
  for await (const body of documents) {
    const response = await fetch(url, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body,
      redirect: "error",
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    const said = await response.text();
    if (!response.ok) throw new Error(`the collector answered ${response.status}: ${said.slice(0, 500)}`);
    const rejected = /"rejectedSpans"\s*:\s*"?([1-9]\d*)/.exec(said)?.[1];
    if (rejected) throw new Error(`the collector rejected ${rejected} spans: ${said.slice(0, 500)}`);
  }
}
