/** From a document's line to its record and to the request that it belongs to. */
import { setTimeout as delay, setImmediate as turn } from "node:timers/promises";
import * as vscode from "vscode";
import type { LogRecord, StampRecord } from "../model/record";
import type { LineLookup } from "../protocol/messages";
import type { EngineHost } from "./engine-host";
import { formatOf, isJsonDocument, type LogPlace, placeOf } from "./log-documents";
import { configuredReading } from "./reading";
import { recordAt } from "./record-at";
import { recordInWords, requestInWords } from "./record-words";
import type { Sessions } from "./sessions";
import { TimelyAnswers } from "./timely-answers";

/** A record of a JSON document has fewer lines, even when it is printed with every value on a line of its own. */
const MOST_LINES = 1_000;
/** Lines that are asked for at once. */
const BATCH = 50;
/**
 * A hover waits so long for the engine, ms: it is to be there within 20, and a timer may ring some milliseconds late. What
 * the line says itself needs no engine.
 */
const DEADLINE_MS = 12;

/** An answer that has come in when the timer rings, but has not had its turn yet, is in time. */
const atDeadline = (): Promise<void> => delay(DEADLINE_MS).then(() => turn());

/** What the session tells of a line. */
interface Told {
  /** Null where the line belongs to no request. */
  lookup: LineLookup | null;
  /** How much of the session had been read, 0 to 1. */
  read: number;
}

/** Asks what a session tells of a place in its log; undefined where that takes too long. */
type Look = (place: LogPlace, ask: () => Promise<Told>) => Promise<Told | undefined>;

export interface FoundRecord {
  /** What stands there; null where only the session can say it, and has not yet. */
  words: string | null;
  /** Null where the line tells nothing by itself. */
  record: LogRecord | StampRecord | null;
  /** Minutes east of UTC, where that was told for the log. */
  zone: number | undefined;
  /** How much of the session has been read, 0 to 1. */
  read: number;
  /** Null where the line belongs to no request, or that is not known. */
  lookup: LineLookup | null;
  /** Why what only the session can tell is not there, in words. */
  missing: string | null;
}

/** Records that a request has; for others nothing is looked up. */
const OF_REQUESTS: readonly string[] = ["server", "client", "pending", "stamp"] satisfies (
  | LogRecord
  | StampRecord
)["type"][];

export class LogLookup {
  private readonly answers: TimelyAnswers<Told>;

  /** @param late resolves when a hover that begins now is to wait no longer */
  constructor(
    private readonly engine: Pick<EngineHost, "request">,
    private readonly sessions: Pick<Sessions, "openForLog" | "beginForLog" | "stateForLog">,
    late = atDeadline,
  ) {
    this.answers = new TimelyAnswers(late);
  }

  /**
   * What stands on a line (0-based), once all of its session is read; null where the document is no log, or the line says
   * nothing.
   */
  async find(document: vscode.TextDocument, line: number): Promise<FoundRecord | null> {
    return this.look(document, line, async ({ file }, ask) => {
      await this.sessions.openForLog(file);
      return ask();
    });
  }

  /** The same by a hover's deadline: what the session has told by then. */
  inTime(document: vscode.TextDocument, line: number): Promise<FoundRecord | null> {
    return this.look(document, line, (place, ask) => {
      const key = `${document.uri} ${document.version} ${place.line}`;
      return this.answers.get(key, () => this.sessions.stateForLog(place.file).info, ask);
    });
  }

  /** The request that a record's first line belongs to. */
  async request(document: vscode.TextDocument, line: number): Promise<LineLookup | null> {
    const place = placeOf(document, line);
    if (!place) return null;
    await this.sessions.openForLog(place.file);
    return this.engine.request("line", place);
  }

  private async look(document: vscode.TextDocument, line: number, look: Look): Promise<FoundRecord | null> {
    const format = formatOf(document);
    if (!format) return null;
    if (isJsonDocument(format)) return this.enclosing(document, line, look);
    const lineAt = (number: number) => (number < document.lineCount ? document.lineAt(number).text : undefined);
    const reading = configuredReading();
    const at = recordAt(format, lineAt, line, reading);
    if (!at) return null;
    const record = "record" in at ? at.record : null;
    const place = placeOf(document, "record" in at ? at.from : line);
    // What is no record here may be one to who has read the log from its beginning.
    const isOfRequest = record === null || OF_REQUESTS.includes(record.type);
    const told = place && isOfRequest ? await said(look(place, () => this.tell(place))) : {};
    if (place && !isOfRequest) this.sessions.beginForLog(place.file).catch(() => undefined);
    const state = place && this.sessions.stateForLog(place.file);
    const zone = state?.info?.zone ?? (format.isLocal ? reading.zone : undefined);
    const words = "record" in at ? recordInWords(at.record, zone) : vscode.l10n.t("No record: {0}.", at.problem);
    return { words, record, zone, read: state?.read ?? 1, lookup: null, missing: null, ...told };
  }

  private async tell(place: LogPlace): Promise<Told> {
    await this.sessions.beginForLog(place.file);
    const { read } = this.sessions.stateForLog(place.file);
    return { lookup: await this.engine.request("line", place), read };
  }

  /** In a JSON document: the record that began last before the line. */
  private async enclosing(document: vscode.TextDocument, line: number, look: Look): Promise<FoundRecord | null> {
    const place = placeOf(document, line);
    if (!place) return null;
    const told = await said(look(place, async () => ({ lookup: await this.lastBefore(document, line), read: 1 })));
    const { lookup = null, missing = null } = told;
    if (!lookup && !missing) return null;
    const { info, read } = this.sessions.stateForLog(place.file);
    return { words: lookup && requestInWords(lookup), record: null, zone: info?.zone, read, lookup, missing };
  }

  private async lastBefore(document: vscode.TextDocument, line: number): Promise<LineLookup | null> {
    for (let last = line; last >= Math.max(0, line - MOST_LINES); last -= BATCH) {
      const lines = Array.from({ length: Math.min(BATCH, last + 1) }, (_, back) => this.request(document, last - back));
      const lookup = (await Promise.all(lines)).find((found) => found !== null);
      if (lookup) return lookup;
    }
    return null;
  }
}

/** What the session has told, or in words why it has not. */
const said = (told: Promise<Told | undefined>): Promise<Partial<Told> & { missing?: string }> =>
  told.then(
    (found) =>
      found ?? { missing: vscode.l10n.t("Its request is still being looked up: hover again to see it and its peer.") },
    (error) => ({
      missing: vscode.l10n.t(
        "Its session cannot be read: {0}.",
        error instanceof Error ? error.message : String(error),
      ),
    }),
  );
