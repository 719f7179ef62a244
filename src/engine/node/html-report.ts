/** The HTML report's parts that are not of the session: the page as it was built, its hashes, compression. */
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import type { ReportChoices } from "../report-choices";
import { packReport } from "../report-data";
import { type Inline, reportHtml } from "../report-html";
import type { Session } from "../session";

export interface HtmlOptions {
  choices?: ReportChoices;
  /** Requests that the timeline carries at most. */
  most?: number;
  /** Where the built page is; else beside this bundle. */
  dist?: string;
}

export function htmlReport(session: Session, { choices, most, dist = __dirname }: HtmlOptions = {}): Iterable<string> {
  const built = (...files: string[]): string => files.map((file) => readFileSync(join(dist, file), "utf8")).join("\n");
  const { data, bytes, sample } = packReport(session, most);
  const frame = {
    style: inline(built("webview.css", "report.css"), /<\/style/i),
    scripts: [inline(built("report.js"), ENDS_SCRIPT), inline(built("webview.js"), ENDS_SCRIPT)],
    data,
    bytes: gzipSync(bytes).toString("base64"),
    sample,
    written: Date.now() * 1000,
  };
  return reportHtml(session, frame, choices);
}

/** What would end a script element before its text does, or (behind a comment's beginning) keep it from ending. */
const ENDS_SCRIPT = /<\/?script/i;

/** The parser turns other line ends into one, and the hash is of what it made. */
function inline(source: string, ends: RegExp): Inline {
  const text = source.replace(/\r\n?/g, "\n");
  if (ends.test(text)) throw new Error("the built page cannot stand inside of a document");
  return { text, hash: `sha256-${createHash("sha256").update(text).digest("base64")}` };
}
