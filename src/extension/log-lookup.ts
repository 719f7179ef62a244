/** From a document's line to its record and to the request that it belongs to. */
import * as vscode from "vscode";
import type { LogRecord, StampRecord } from "../model/record";
import type { LineLookup } from "../protocol/messages";
import type { EngineHost } from "./engine-host";
import { formatOf, isJsonDocument, placeOf } from "./log-documents";
import { configuredReading } from "./reading";
import { recordAt } from "./record-at";
import { recordInWords, requestInWords } from "./record-words";
import type { Sessions } from "./sessions";

/** A record of a JSON document has fewer lines, even when it is printed with every value on a line of its own. */
const MOST_LINES = 1_000;
/** Lines that are asked for at once. */
const BATCH = 50;

export interface FoundRecord {
  /** What stands there. */
  words: string;
  /** Null where the line tells nothing by itself. */
  record: LogRecord | StampRecord | null;
  /** Minutes east of UTC, where that was told for the log. */
  zone: number | undefined;
  /** How much of the session has been read, 0 to 1. */
  read: number;
  /** Null where the line belongs to no request. */
  lookup: LineLookup | null;
}

export class LogLookup {
  constructor(
    private readonly engine: EngineHost,
    private readonly sessions: Sessions,
  ) {}

  /**
   * What stands on a line (0-based); null where the document is no log, or the line says nothing. `whole`: once all of
   * its session is read.
   */
  async find(document: vscode.TextDocument, line: number, whole = false): Promise<FoundRecord | null> {
    const format = formatOf(document);
    if (!format) return null;
    if (isJsonDocument(format)) return this.enclosing(document, line);
    const lineAt = (number: number) => (number < document.lineCount ? document.lineAt(number).text : undefined);
    const reading = configuredReading();
    const at = recordAt(format, lineAt, line, reading);
    if (!at) return null;
    const place = placeOf(document, "record" in at ? at.from : line);
    if (place && whole) await this.sessions.openForLog(place.file);
    const session = place && (await this.sessions.beginForLog(place.file));
    const lookup = place && (await this.engine.request("line", place));
    const told = session && this.sessions.info(session.key)?.zone;
    const zone = told ?? (format.isLocal ? reading.zone : undefined);
    const known = { lookup, zone, read: session?.read ?? 1 };
    return "record" in at
      ? { ...known, words: recordInWords(at.record, zone), record: at.record }
      : { ...known, words: vscode.l10n.t("No record: {0}.", at.problem), record: null };
  }

  /** The request that a record's first line belongs to. */
  async request(document: vscode.TextDocument, line: number): Promise<LineLookup | null> {
    const place = placeOf(document, line);
    if (!place) return null;
    await this.sessions.openForLog(place.file);
    return this.engine.request("line", { file: place.file, line: place.line });
  }

  /** In a JSON document: the record that began last before the line. */
  private async enclosing(document: vscode.TextDocument, line: number): Promise<FoundRecord | null> {
    for (let last = line; last >= Math.max(0, line - MOST_LINES); last -= BATCH) {
      const lines = Array.from({ length: Math.min(BATCH, last + 1) }, (_, back) => this.request(document, last - back));
      const lookup = (await Promise.all(lines)).find((found) => found !== null);
      if (lookup) {
        const { zone } = this.sessions.info(lookup.session) ?? {};
        return { words: requestInWords(lookup), record: null, lookup, zone, read: 1 };
      }
    }
    return null;
  }
}
