/** A recording whose server log is made that of another host: its clock is ahead, drifts, has whole milliseconds, and steps. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { must, root } from "../../scripts/lib/run.mjs";

const AHEAD = 3_000_000;
const DRIFT = 100e-6;
const STEP = 40_000;
const GRAIN = 1000;
/** One way, µs. */
const PATH = 300;

/** Records the campus and moves the server's stamps; resolves to the session's folder. */
export function recordOtherHost(campus: string, name: string): string {
  const session = join(campus, ".request-timeline", name);
  const urls = ["/", "/cgi-bin/calendar.cgi?3+1993"];
  const args = ["record", "--session", session, "--serve", campus, "--", "--page", "--count", "12", ...urls];
  must("request-timeline record", process.execPath, [join(root, "dist/cli.js"), ...args], { cwd: campus });
  const read = (name: string) =>
    readFileSync(join(session, name), "utf8")
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line));
  const asked = new Map(read("client.ndjson").flatMap((record) => (record.id ? [[record.id, record]] : [])));
  const times = [...asked.values()].map(({ requestStart }) => requestStart).sort();
  const [first, middle] = [times[0], times[times.length >> 1]];
  const there = (time: number): number => {
    const moved = time + AHEAD + (time - first) * DRIFT + (time >= middle ? STEP : 0);
    return Math.floor(moved / GRAIN) * GRAIN;
  };
  let requests = 0;
  const moved = read("server.ndjson").map((record) => {
    if (record.type === "header") return { ...record, boot: "another-host", host: "other", grain: GRAIN };
    const client = asked.get(record.id);
    if (record.type !== "server" || !client) return record;
    // One request is stamped as if it had come before it was sent.
    const early = ++requests === 10 ? 15_000 : 0;
    const { requestStart, responseStart } = client;
    const answered = Math.max(requestStart + PATH, responseStart - PATH);
    const [parseStart, processEnd] = [there(requestStart + PATH) - early, there(answered) - early];
    const marks = { parseStart, parseEnd: parseStart, processEnd, sendEnd: processEnd };
    return { ...record, ...marks, arrival: [parseStart - GRAIN, parseStart] };
  });
  writeFileSync(join(session, "server.ndjson"), `${moved.map((record) => JSON.stringify(record)).join("\n")}\n`);
  return session;
}
