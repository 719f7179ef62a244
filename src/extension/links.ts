/** From a request to its source and to its records, wherever the wish comes from: page, hover, tree. */
import { isAbsolute, join } from "node:path";
import * as vscode from "vscode";
import type { Role } from "../model/record";
import type { SourceLocation } from "../model/request";
import type { RequestDetail, RequestIndex, SessionKey } from "../protocol/messages";
import { readManifest } from "../session";
import type { EngineHost } from "./engine-host";
import type { Sessions } from "./sessions";
import { findSource, mayOpen, showAt } from "./source-files";
import { hasChanged, offerVersion } from "./stale-source";

export interface SourceLink {
  session: SessionKey;
  request: RequestIndex;
  which: "handler" | "responder" | "child";
  child?: number;
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
    await showAt(vscode.Uri.file(file), position.line, 1, this.avoid());
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
