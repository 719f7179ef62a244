/** The sessions and their requests. The timeline shows all of them; the tree shows the first ones of each. */
import * as vscode from "vscode";
import {
  FIRST_VIEW,
  type RequestIndex,
  ROW_BITS,
  type RowWindow,
  type SessionKey,
  TEXT_FIELDS,
  VALUE_FIELDS,
} from "../protocol/messages";
import type { EngineHost } from "./engine-host";
import { COMMANDS, TREE_ITEMS } from "./ids";
import { count, dayAndTime, duration, requestCount } from "./numbers";
import type { Recordings } from "./recordings";
import type { KnownSession, Sessions } from "./sessions";

const MOST_REQUESTS = 200;
const REFRESH_AT_MOST_EVERY_MS = 1_000;
/** Name of the tree's view in the engine. */
const PAGE = "tree";
export interface SessionNode {
  readonly kind: "session";
  readonly session: SessionKey;
  readonly known: KnownSession;
}

export interface RequestNode {
  readonly kind: "request";
  readonly session: SessionKey;
  readonly request: RequestIndex;
  readonly title: string;
  readonly detail: string;
  readonly icon: string;
}

interface MoreNode {
  readonly kind: "more";
  readonly session: SessionKey;
  readonly left: number;
}

export type TreeNode = SessionNode | RequestNode | MoreNode;

export class SessionTree implements vscode.TreeDataProvider<TreeNode>, vscode.Disposable {
  private readonly changes = new vscode.EventEmitter<TreeNode | undefined>();
  private readonly nodes = new Map<SessionKey, SessionNode>();
  private readonly due = new Map<SessionKey, NodeJS.Timeout>();
  private readonly subscriptions: vscode.Disposable[];
  readonly onDidChangeTreeData = this.changes.event;

  constructor(
    private readonly engine: EngineHost,
    private readonly sessions: Sessions,
    private readonly recordings: Recordings,
  ) {
    this.subscriptions = [
      this.changes,
      sessions.onDidChangeList(() => this.changes.fire(undefined)),
      sessions.onDidChangeInfo(({ key }) => this.refreshSoon(key)),
      recordings.onDidChange((session) => this.changes.fire(this.nodes.get(session))),
    ];
  }

  async getChildren(node?: TreeNode): Promise<TreeNode[]> {
    if (!node) return this.roots();
    return node.kind === "session" ? this.requests(node.session) : [];
  }

  getTreeItem(node: TreeNode): vscode.TreeItem {
    switch (node.kind) {
      case "session":
        return this.sessionItem(node);
      case "request": {
        const item = new vscode.TreeItem(node.title);
        item.id = `${node.session}#${node.request}`;
        item.description = node.detail;
        item.tooltip = `${node.title}\n${node.detail}`;
        item.iconPath = new vscode.ThemeIcon(node.icon);
        item.contextValue = TREE_ITEMS.request;
        item.command = showInTimeline({ session: node.session, request: node.request });
        return item;
      }
      case "more": {
        const item = new vscode.TreeItem(vscode.l10n.t("{0} more in the timeline", count(node.left)));
        item.id = `${node.session}#more`;
        item.command = showInTimeline({ session: node.session });
        return item;
      }
    }
  }

  dispose(): void {
    for (const timer of this.due.values()) clearTimeout(timer);
    vscode.Disposable.from(...this.subscriptions).dispose();
  }

  private async roots(): Promise<SessionNode[]> {
    const known = await this.sessions.list();
    this.nodes.clear();
    for (const session of known) this.nodes.set(session.key, { kind: "session", session: session.key, known: session });
    return [...this.nodes.values()];
  }

  private sessionItem({ session, known }: SessionNode): vscode.TreeItem {
    const live = this.recordings.isLive(session);
    const item = new vscode.TreeItem(known.name, vscode.TreeItemCollapsibleState.Collapsed);
    item.id = session;
    const info = this.sessions.info(session);
    const started = known.started === null ? [] : [dayAndTime(known.started)];
    const requests = info ? [requestCount(info.requests)] : [];
    const baseline = known.isBaseline ? [vscode.l10n.t("baseline")] : [];
    item.description = [...baseline, ...started, ...requests].join(" · ");
    item.tooltip = session;
    item.iconPath = new vscode.ThemeIcon(live ? "record" : "graph");
    item.contextValue = live ? TREE_ITEMS.recordingSession : TREE_ITEMS.session;
    return item;
  }

  private async requests(session: SessionKey): Promise<TreeNode[]> {
    await this.sessions.open(session);
    const { revision, rows } = await this.engine.request("view", { session, page: PAGE, view: FIRST_VIEW });
    const shown = Math.min(rows, MOST_REQUESTS);
    const window = await this.engine.request("rows", { session, page: PAGE, revision, from: 0, count: shown });
    const nodes = Array.from({ length: window.count }, (_, row): TreeNode => requestNode(session, window, row));
    return rows > shown ? [...nodes, { kind: "more", session, left: rows - shown }] : nodes;
  }

  private refreshSoon(session: SessionKey): void {
    if (this.due.has(session)) return;
    const timer = setTimeout(() => {
      this.due.delete(session);
      const node = this.nodes.get(session);
      if (node) this.changes.fire(node);
    }, REFRESH_AT_MOST_EVERY_MS);
    this.due.set(session, timer);
  }
}

const showInTimeline = (argument: { session: SessionKey; request?: RequestIndex }): vscode.Command => ({
  command: COMMANDS.openTimeline,
  title: vscode.l10n.t("Open Timeline"),
  arguments: [argument],
});

function requestNode(session: SessionKey, window: RowWindow, row: number): RequestNode {
  const text = (field: (typeof TEXT_FIELDS)[number]) =>
    window.dictionary[window.texts[TEXT_FIELDS.indexOf(field) * window.count + row]!] ?? "";
  const value = (field: (typeof VALUE_FIELDS)[number]) =>
    window.values[VALUE_FIELDS.indexOf(field) * window.count + row]!;
  const status = value("status");
  const response = Number.isNaN(value("clientResponse")) ? value("serverResponse") : value("clientResponse");
  const state = window.bits[row]! & ROW_BITS.stateMask;
  const known = Number.isNaN(status) ? STATES[state]!.word : String(status);
  return {
    kind: "request",
    session,
    request: window.index[row]!,
    title: `${text("method")} ${text("path")}`,
    detail: [known, duration(response), text("handler")].filter(Boolean).join(" · "),
    icon: status >= 400 ? "error" : STATES[state]!.icon,
  };
}

/** By the row's state bits. */
const STATES = [
  { word: "", icon: "arrow-swap" },
  { word: "pending", icon: "loading" },
  { word: "aborted", icon: "circle-slash" },
  { word: "failed", icon: "error" },
] as const;
