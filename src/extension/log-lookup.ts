/** From a document's line to its record and to the request that it belongs to. */
import * as vscode from "vscode";
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
  /** Null where the line belongs to no request. */
  lookup: LineLookup | null;
}

export class LogLookup {
  constructor(
    private readonly engine: EngineHost,
    private readonly sessions: Sessions,
  ) {}

  /** What stands on a line (0-based); null where the document is no log, or the line says nothing. */
  async find(document: vscode.TextDocument, line: number): Promise<FoundRecord | null> {
    const format = formatOf(document);
    if (!format) return null;
    if (isJsonDocument(format)) return this.enclosing(document, line);
    const lineAt = (number: number) => (number < document.lineCount ? document.lineAt(number).text : undefined);
    const at = recordAt(format, lineAt, line, configuredReading());
    if (!at) return null;
    const words = "record" in at ? recordInWords(at.record) : vscode.l10n.t("No record: {0}.", at.problem);
    return { words, lookup: await this.request(document, "from" in at ? at.from : line) };
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
      if (lookup) return { words: requestInWords(lookup), lookup };
    }
    return null;
  }
}
