/** From a document's line to its record and to the request that it belongs to. */
import type * as vscode from "vscode";
import type { LineLookup } from "../protocol/messages";
import type { EngineHost } from "./engine-host";
import { formatOf, placeOf } from "./log-documents";
import { type RecordAt, recordAt } from "./record-at";
import type { Sessions } from "./sessions";
import { configuredZone } from "./zone";

export interface FoundRecord {
  at: RecordAt;
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
    const lineAt = (number: number) => (number < document.lineCount ? document.lineAt(number).text : undefined);
    const at = format && recordAt(format, lineAt, line, configuredZone());
    if (!at) return null;
    return { at, lookup: await this.request(document, "from" in at ? at.from : line) };
  }

  /** The request that a line belongs to. */
  async request(document: vscode.TextDocument, line: number): Promise<LineLookup | null> {
    const place = placeOf(document, line);
    if (!place) return null;
    await this.sessions.openForLog(place.file);
    return this.engine.request("line", { file: place.file, line: place.line });
  }
}
