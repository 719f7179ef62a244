/** What a line of the native log is, in words. */
import * as vscode from "vscode";
import { MARKS, type MarkKey } from "../model/marks";
import type { LogRecord, StampRecord } from "../model/record";
import type { LineLookup } from "../protocol/messages";
import { count, duration, timeOfDay } from "./numbers";

/** One sentence: what kind of record, and what it says. `zone`: as of `timeOfDay`. */
export function recordInWords(record: LogRecord | StampRecord, zone: number | undefined): string {
  const { t } = vscode.l10n;
  switch (record.type) {
    case "header":
      return record.role === "server"
        ? t("Header: process {0} on {1} begins a server's log ({2}).", record.pid, record.host, record.runtime)
        : t("Header: process {0} on {1} begins a client's log ({2}).", record.pid, record.host, record.runtime);
    case "anchor":
      return t("The wall clock stepped by {0}.", duration(record.step));
    case "listen":
      return t("The server listens on {0} since {1}.", record.url, timeOfDay(record.time, zone));
    case "source":
      return t("Source {0}: {1}, the code that later records name.", record.id, place(record));
    case "server":
      return t("The server's record of {0} {1}.", record.method, record.target);
    case "client":
      return t("The client's record of {0} {1}.", record.method, record.url);
    case "pending":
      return record.side === "server"
        ? t("At {0} the server had not ended {1} {2}.", timeOfDay(record.time, zone), record.method, record.target)
        : t("At {0} the client had not ended {1} {2}.", timeOfDay(record.time, zone), record.method, record.url);
    case "event":
      return t("Event at {0}: {1}", timeOfDay(record.time, zone), record.name);
    case "cost":
      return t("The hook cost {0} a request, over {1} requests.", duration(record.perRequest), count(record.requests));
    case "end":
      return t(
        "End of the log at {0}: {1} requests, {2} lost.",
        timeOfDay(record.time, zone),
        count(record.requests),
        count(record.lost),
      );
    case "stamp":
      return [
        markInWords(record.mark),
        t("Stamped at {0} for {1}.", timeOfDay(record.time, zone), record.url ?? record.target ?? record.file ?? "–"),
      ].join(" ");
    default: {
      const never: never = record;
      return never;
    }
  }
}

/** The same for a record that is known by its request alone. */
export function requestInWords({ side, detail: { request } }: LineLookup): string {
  return side === "server"
    ? vscode.l10n.t("The server's record of {0} {1}.", request.method, request.url)
    : vscode.l10n.t("The client's record of {0} {1}.", request.method, request.url);
}

const place = ({ name, file, line }: { name?: string; file: string; line?: number }): string =>
  [name, line === undefined ? file : `${file}:${line}`].filter(Boolean).join(" ");

/** What a mark is: symbol, caption, whose clock. */
export function markInWords(key: MarkKey): string {
  const { symbol, caption, clock, number } = MARKS.find((mark) => mark.key === key)!;
  return clock === "client"
    ? vscode.l10n.t("Mark {0}, {1}: {2} (client's clock).", number, symbol, caption)
    : vscode.l10n.t("Mark {0}, {1}: {2} (server's clock).", number, symbol, caption);
}

export const isMarkKey = (key: string): key is MarkKey => MARKS.some((mark) => mark.key === key);
