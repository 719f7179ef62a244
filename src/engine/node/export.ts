/** A report written to a file, through the engine. */
import type { EngineMethods } from "../../protocol/messages";
import type { ReportChoices } from "../report-choices";
import { reportCsv } from "../report-csv";
import { reportJson } from "../report-json";
import { reportMarkdown } from "../report-markdown";
import { reportTable } from "../report-table";
import type { Session } from "../session";
import { htmlReport } from "./html-report";
import { writeParts } from "./write-file";

type Format = EngineMethods["export"]["params"]["format"];

/** The report in parts, so that a million requests need no string of their size. */
export function reportParts(session: Session, format: Format, choices: ReportChoices = {}): Iterable<string> {
  switch (format) {
    case "json":
      return reportJson(session.store, choices);
    case "csv":
      return reportCsv(session.store);
    case "markdown":
      return reportMarkdown(session, choices);
    case "table":
      return reportTable(session, choices);
    case "html":
      return htmlReport(session, { choices });
    default:
      return format satisfies never;
  }
}

/** What a server alone has logged, an access log above all, says what was asked for: its workload is in the report, too. */
export async function exportSession(session: Session, format: Format, file: string): Promise<{ requests: number }> {
  const choices = session.store.client.length === 0 ? { workload: {} } : {};
  await writeParts(file, reportParts(session, format, choices));
  return { requests: session.store.rows.requests };
}
