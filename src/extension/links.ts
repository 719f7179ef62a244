/** From a request to its source and to its records, wherever the wish comes from: page, hover, tree. */
import { dirname, isAbsolute, join } from "node:path";
import * as vscode from "vscode";
import type { Role } from "../model/record";
import type { SourceLocation } from "../model/request";
import type { RequestDetail, RequestIndex, SessionKey } from "../protocol/messages";
import { readManifest } from "../session";
import type { EngineHost } from "./engine-host";
import type { Sessions } from "./sessions";
import { documentFor, sliceWith } from "./slices";
import { findSource, isFolder, mayOpen, showAt, showFolder } from "./source-files";
import { hasChanged, offerVersion } from "./stale-source";

export interface SourceLink {
  session: SessionKey;
  request: RequestIndex;
  which: "handler" | "responder" | "child";
  child?: number;
}

/** A source as a log's line names it. */
export interface NamedSource {
  log: string;
  file: string;
  line: number | null;
  column: number | null;
}

export interface OpenedSource {
  file: string;
  changed: boolean | null;
}

export interface LogLink {
  session: SessionKey;
  request: RequestIndex;
  side: Role;
}

export class Links {
  constructor(
    private readonly engine: EngineHost,
    private readonly sessions: Sessions,
    /** The column that is not to be covered. */
    private readonly avoid: () => vscode.ViewColumn | undefined,
  ) {}

  /** Resolves to what was opened, and whether it has changed since it was recorded (null: not known). */
  async openSource({ session, request, which, child }: SourceLink): Promise<OpenedSource | undefined> {
    await this.sessions.open(session);
    const location = locationOf(await this.engine.request("detail", { session, index: request }), which, child);
    if (!location) throw new Error(vscode.l10n.t("The log does not say which code that was."));
    const manifest = await readManifest(session).catch(() => null);
    const file = await findSource(location, manifest?.cwd ?? null);
    if (!(await mayOpen(file))) return undefined;
    if (await isFolder(file)) {
      await showFolder(file);
      return { file, changed: null };
    }
    const show = (uri: vscode.Uri) => showAt(uri, location.line, location.column, this.avoid());
    await show(vscode.Uri.file(file));
    const changed = await hasChanged(file, location);
    if (changed) void offerVersion(file, location, manifest?.git?.commit, show);
    return { file, changed };
  }

  async revealLog({ session, request, side }: LogLink): Promise<void> {
    const info = await this.sessions.open(session);
    const position = await this.engine.request("position", { session, index: request, side });
    if (!position) throw new Error(noRecord(side));
    const file = isAbsolute(position.file) ? position.file : join(info.folder, position.file);
    await this.showLine(file, position.line);
  }

  /** Shows a log's line (1-based): in the file, or in a slice where that is too large for a document. */
  async showLine(file: string, line: number): Promise<void> {
    const shown = await documentFor(file, line);
    await showAt(shown.uri, shown.line, 1, this.avoid());
  }

  /** Shows a log's line in a slice, whatever the file's size. */
  async showSlice(file: string, line: number): Promise<void> {
    const shown = sliceWith(file, line);
    await showAt(shown.uri, shown.line, 1, this.avoid());
  }

  /** Opens the file that a log's source record names. */
  async openNamed({ log, file, line, column }: NamedSource): Promise<void> {
    const { cwd } = await readManifest(dirname(log)).catch(() => ({ cwd: null }));
    const found = await findSource({ name: null, file, line, column, confidence: 1 }, cwd);
    if (!(await mayOpen(found))) return;
    if (await isFolder(found)) await showFolder(found);
    else await showAt(vscode.Uri.file(found), line, column, this.avoid());
  }
}

const noRecord = (side: Role): string =>
  side === "server"
    ? vscode.l10n.t("The server's log has no record of this request.")
    : vscode.l10n.t("The client's log has no record of this request.");

function locationOf(
  { request }: RequestDetail,
  which: SourceLink["which"],
  child: number | undefined,
): SourceLocation | null {
  if (which === "child") return request.children[child ?? -1]?.source ?? null;
  return request[which];
}
