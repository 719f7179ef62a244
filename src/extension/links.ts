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

export interface SourceLink {
  session: SessionKey;
  request: RequestIndex;
  which: "handler" | "responder" | "child";
  child?: number;
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

  async openSource({ session, request, which, child }: SourceLink): Promise<void> {
    await this.sessions.open(session);
    const location = locationOf(await this.engine.request("detail", { session, index: request }), which, child);
    if (!location) throw new Error(vscode.l10n.t("The log does not say which code that was."));
    const file = await findSource(location, await workingFolder(session));
    if (await mayOpen(file)) await showAt(vscode.Uri.file(file), location.line, location.column, this.avoid());
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

/** Where the recorded server ran; null for a log without a session. */
const workingFolder = (session: SessionKey): Promise<string | null> =>
  readManifest(session).then(
    ({ cwd }) => cwd,
    () => null,
  );
