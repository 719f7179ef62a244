/**
 * The timeline's panel: one a window, with a session picker inside. The page may vanish whenever it is hidden; it then
 * comes back with what it kept in its own state, says `ready`, and is told the rest.
 */
import { randomBytes } from "node:crypto";
import * as vscode from "vscode";
import type { HostMessage, PageAction, RequestIndex, SessionKey, ToPage } from "../protocol/messages";
import type { EngineHost } from "./engine-host";
import { COMMANDS, TIMELINE_PANEL } from "./ids";
import { dayAndTime } from "./numbers";
import { parseFromPage, type RelayedRequest } from "./page-messages";
import { panelHtml } from "./panel-html";
import type { Recordings } from "./recordings";
import { relay } from "./relay";
import { savePicture } from "./save-picture";
import type { Sessions } from "./sessions";

/** Where the shown session is remembered, for a reload. */
const SHOWN = "timelineSession";

export interface ShowOptions {
  session?: SessionKey;
  request?: RequestIndex;
  preserveFocus?: boolean;
}

type Compared = Extract<HostMessage, { message: "comparison" }>;

/** What the panel leaves to others: opening files and running commands. */
export interface PageActions {
  openSource(action: Extract<PageAction, { action: "open-source" }>): Promise<unknown>;
  revealLog(action: Extract<PageAction, { action: "reveal-log" }>): Promise<void>;
}

export class TimelinePanel implements vscode.WebviewPanelSerializer, vscode.Disposable {
  private panel: vscode.WebviewPanel | null = null;
  private subscriptions: vscode.Disposable[] = [];
  private current: SessionKey | null = null;
  private reveal: { session: SessionKey; request: RequestIndex } | null = null;
  private compared: Compared | null = null;
  private ready = false;
  /** Views of pages live in the engine under this prefix, so that no other part's view has the same name. */
  private readonly pages = randomBytes(4).toString("hex");
  private readonly own: vscode.Disposable[];
  private readonly readiness = new vscode.EventEmitter<boolean>();
  /** The page came up, or went away. */
  readonly onDidChangeReady = this.readiness.event;

  constructor(
    private readonly extensionUri: vscode.Uri,
    private readonly engine: EngineHost,
    private readonly sessions: Sessions,
    private readonly recordings: Recordings,
    private readonly actions: PageActions,
    private readonly memory: vscode.Memento,
    private readonly log: vscode.LogOutputChannel,
  ) {
    this.own = [
      this.readiness,
      engine.onEvent((event) => {
        // Of one that is still being opened, too: the page knows which it waits for.
        if (event.event === "progress") this.post(event);
      }),
      sessions.onDidChangeInfo((info) => {
        if (info.key === this.current) this.post({ kind: "event", event: "changed", info });
      }),
      sessions.onDidChangeList(() => void this.postSessions()),
      recordings.onDidChange(() => void this.postSessions()),
    ];
  }

  get session(): SessionKey | null {
    return this.current;
  }

  get isReady(): boolean {
    return this.ready;
  }

  /** Where the panel stands, so that a file is opened beside it and not over it. */
  get viewColumn(): vscode.ViewColumn | undefined {
    return this.panel?.viewColumn;
  }

  async show({ session, request, preserveFocus = false }: ShowOptions = {}): Promise<void> {
    if (session !== undefined) await this.setCurrent((await this.sessions.open(session)).key);
    if (this.current !== null && request !== undefined) this.reveal = { session: this.current, request };
    if (this.panel) this.panel.reveal(undefined, preserveFocus);
    else {
      const column = { viewColumn: vscode.ViewColumn.Beside, preserveFocus };
      this.attach(vscode.window.createWebviewPanel(TIMELINE_PANEL, vscode.l10n.t("Request Timeline"), column));
    }
    await this.postSessions();
  }

  /** Shows what changed, over the session. */
  async compare(compared: Pick<Compared, "base" | "session" | "found">): Promise<void> {
    const names = await Promise.all([compared.base, compared.session].map((key) => this.sessions.open(key)));
    const [baseName, sessionName] = names.map(({ name }) => name) as [string, string];
    this.compared = { kind: "host", message: "comparison", baseName, sessionName, ...compared };
    await this.show({ session: compared.session });
  }

  async deserializeWebviewPanel(panel: vscode.WebviewPanel): Promise<void> {
    this.panel?.dispose();
    // The page's own state is written with a delay, ours is not.
    const before = this.memory.get<SessionKey>(SHOWN);
    if (before !== undefined && (await this.sessions.get(before))) this.current = before;
    this.attach(panel);
  }

  dispose(): void {
    this.panel?.dispose();
    vscode.Disposable.from(...this.own).dispose();
  }

  private attach(panel: vscode.WebviewPanel): void {
    const dist = vscode.Uri.joinPath(this.extensionUri, "dist");
    panel.iconPath = vscode.Uri.joinPath(this.extensionUri, "media", "view.svg");
    panel.webview.options = { enableScripts: true, localResourceRoots: [dist] };
    this.panel = panel;
    this.subscriptions = [
      panel.onDidDispose(() => this.detach(panel)),
      panel.onDidChangeViewState(() => {
        // A hidden page is gone; shown again it begins anew with `ready`.
        if (!panel.visible) this.setReady(false);
      }),
      panel.webview.onDidReceiveMessage((message: unknown) => void this.receive(message)),
    ];
    panel.webview.html = panelHtml(panel.webview, dist);
  }

  private detach(panel: vscode.WebviewPanel): void {
    if (this.panel !== panel) return;
    vscode.Disposable.from(...this.subscriptions.splice(0)).dispose();
    this.panel = null;
    this.setReady(false);
  }

  private async receive(raw: unknown): Promise<void> {
    const message = parseFromPage(raw);
    if (!message) {
      this.log.warn("a message of the page was refused");
      return;
    }
    if (message.kind === "request") return this.answer(message);
    try {
      await this.act(message);
    } catch (error) {
      this.post({ kind: "host", message: "failed", text: error instanceof Error ? error.message : String(error) });
    }
  }

  private async answer(request: RelayedRequest): Promise<void> {
    this.post(await relay(this.engine, this.sessions, request, this.pages));
  }

  private async act(action: PageAction): Promise<unknown> {
    switch (action.action) {
      case "ready":
        return this.welcome(action.session);
      case "select-session":
        return this.select(action.session);
      case "open-source":
        return this.actions.openSource(action);
      case "reveal-log":
        return this.actions.revealLog(action);
      case "copy":
        return vscode.env.clipboard.writeText(action.text);
      case "save-svg":
        return savePicture(action);
      case "record":
        return vscode.commands.executeCommand(COMMANDS.record);
      case "stop":
        return vscode.commands.executeCommand(COMMANDS.stop);
      case "compare":
        return vscode.commands.executeCommand(COMMANDS.compareWithBaseline, { session: action.session });
      case "open-session":
        return vscode.commands.executeCommand(COMMANDS.openSession);
      case "export":
        return vscode.commands.executeCommand(COMMANDS.exportReport, { session: this.current ?? undefined });
      default: {
        const never: never = action;
        return never;
      }
    }
  }

  /** The page is there: it is shown what was asked for, else what it showed before, else the newest. */
  private async welcome(before: SessionKey | null): Promise<void> {
    this.setReady(true);
    const known = await this.sessions.list();
    const remembered = known.find(({ key }) => key === before)?.key;
    this.current ??= remembered ?? this.recordings.live.at(-1) ?? known[0]?.key ?? null;
    await this.select(this.current);
  }

  private async select(session: SessionKey | null): Promise<void> {
    try {
      await this.setCurrent(session === null ? null : (await this.sessions.open(session)).key);
    } catch (error) {
      await this.setCurrent(null);
      throw error;
    } finally {
      await this.postSessions();
    }
  }

  private async setCurrent(session: SessionKey | null): Promise<void> {
    this.current = session;
    await this.memory.update(SHOWN, session ?? undefined);
  }

  private async postSessions(): Promise<void> {
    if (!this.ready) return;
    const sessions = (await this.sessions.list()).map(({ key, name, started }) => ({
      key,
      name: started === null ? name : `${name} · ${dayAndTime(started)}`,
      recording: this.recordings.isLive(key),
    }));
    this.post({ kind: "host", message: "sessions", sessions, current: this.current });
    if (this.reveal && this.reveal.session === this.current)
      this.post({ kind: "host", message: "reveal", ...this.reveal } satisfies HostMessage);
    this.reveal = null;
    if (this.compared && this.compared.session === this.current) this.post(this.compared);
    this.compared = null;
  }

  private setReady(ready: boolean): void {
    if (this.ready === ready) return;
    this.ready = ready;
    this.readiness.fire(ready);
  }

  private post(message: ToPage): void {
    if (this.ready) void this.panel?.webview.postMessage(message);
  }
}
