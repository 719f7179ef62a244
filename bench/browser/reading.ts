/**
 * Where the time goes in Chromium between a response's first bytes and its last: moments of its net log for one object that is
 * fetched again and again, with the protocol's Network domain on, as the probe has it, and without. Quartiles in ms.
 */
import { grouped } from "../../src/model/grouped";
import { launchBrowser } from "../../src/probe/browser/launch";
import { traceNetwork } from "../../src/probe/browser/net-trace";
import { type TraceEvent, traceEvents } from "../../src/probe/browser/perfetto";
import { rest } from "../../src/probe/browser/rest";

/** ms, of one response. */
export interface Reading {
  /** From the request to the first bytes. */
  waiting: number;
  /** From these until the header is understood. */
  header: number;
  /** How long the header is handed on; until then nothing else is read. */
  handingOn: number;
  /** From there to the last byte. */
  rest: number;
}

/** `script`: fetches `object` often enough, in a page of `origin`; a promise. */
export async function readings(
  program: string,
  origin: string,
  script: string,
  object: string,
  watched: boolean,
): Promise<Reading[]> {
  const { devtools, close } = await launchBrowser({ program, headed: false, insecure: false });
  try {
    const { targetId } = await devtools.send("Target.createTarget", { url: "about:blank" });
    const { sessionId } = await devtools.send("Target.attachToTarget", { targetId, flatten: true });
    if (watched) await devtools.send("Network.enable", {}, sessionId as string);
    const endTrace = await traceNetwork(devtools);
    await rest(devtools, new AbortController().signal);
    await devtools.send("Page.navigate", { url: `${origin}/none` }, sessionId as string);
    await devtools.send("Runtime.evaluate", { expression: script, awaitPromise: true }, sessionId as string);
    return readingsOf([...traceEvents(await endTrace())], object);
  } finally {
    await close();
  }
}

function readingsOf(events: TraceEvent[], object: string): Reading[] {
  events.sort((a, b) => a.time - b.time);
  const received = events.filter(({ name }) => name === "SOCKET_BYTES_RECEIVED").map(({ time }) => time);
  const all: Reading[] = [];
  for (const own of grouped(events, ({ track }) => track).values()) {
    const sent = own.find(({ name, params }) => name.endsWith("SEND_REQUEST_HEADERS") && params.includes(`${object} `));
    const handed = own.findIndex(({ name }) => name === "URL_REQUEST_DELEGATE_RESPONSE_STARTED");
    if (!sent || handed < 0) continue;
    // Nothing else is fetched meanwhile: what comes until the request's end is its own.
    const reads = received.filter((time) => time > sent.time && time < own.at(-1)!.time);
    const times = [sent.time, reads[0]!, own[handed]!.time, own[handed + 1]!.time];
    const [waiting, header, handingOn, rest] = [...times, Math.max(times[3]!, reads.at(-1)!)]
      .slice(1)
      .map((time, i) => (time - times[i]!) / 1000);
    all.push({ waiting: waiting!, header: header!, handingOn: handingOn!, rest: rest! });
  }
  return all;
}
