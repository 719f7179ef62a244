/** The built command line as a user runs it: recordings into throw-away folders, and their reports. */
import { execFile } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import type { Report } from "../../../src/model/report";
import type { TimelineRequest } from "../../../src/model/request";

export const ROOT = resolve(__dirname, "../../..");
export const CLI = join(ROOT, "dist/cli.js");

const run = promisify(execFile);

/** Runs the command; rejects, with its stderr in the message, where the status is not 0. */
export const cli = async (...words: string[]): Promise<string> =>
  (await run(process.execPath, [CLI, ...words], { cwd: ROOT, maxBuffer: 1 << 28 })).stdout;

export const reportOf = async (...paths: string[]): Promise<Report> =>
  JSON.parse(await cli("report", ...paths, "--json")) as Report;

export async function inFolder<T>(use: (folder: string) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), "request-timeline-"));
  try {
    return await use(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** A session of the campus example: the probe's arguments are the caller's. */
export async function recordCampus(folder: string, ...probe: string[]): Promise<Report> {
  const session = join(folder, "session");
  await cli("record", "--session", session, "--serve", "examples/campus", "--", ...probe);
  return reportOf(session);
}

/** The request's server marks on its client's clock, µs; the report's offset is exact within one boot. */
export function onOneAxis(report: Report, request: TimelineRequest) {
  const offset = report.clock?.offset ?? Number.NaN;
  const server = (mark: number | null): number => (mark ?? Number.NaN) - offset;
  const { requestStart, responseStart, responseEnd, parseStart, parseEnd, processEnd, sendEnd } = request.marks;
  return {
    requestStart: requestStart ?? Number.NaN,
    responseStart: responseStart ?? Number.NaN,
    responseEnd: responseEnd ?? Number.NaN,
    parseStart: server(parseStart),
    parseEnd: server(parseEnd),
    processEnd: server(processEnd),
    sendEnd: server(sendEnd),
  };
}
