/** A VS Code window in a browser with the extension under development: what every UI test and screenshot drives. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Frame, Locator, Page } from "playwright-core";
import { copyWorkspace } from "../../scripts/lib/workspace.mjs";
import { developmentAddress, openAddress, startServer, webviewWith } from "../../scripts/vscode-server.mjs";

const root = join(__dirname, "../..");

/** A busy machine is not a broken one. */
const LIMIT_MS = 90_000;

/** Settings without which pictures and keys depend on chance. */
const SETTINGS = {
  "workbench.startupEditor": "none",
  "workbench.tips.enabled": false,
  "workbench.secondarySideBar.defaultVisibility": "hidden",
  "chat.disableAIFeatures": true,
  "workbench.reduceMotion": "on",
  "window.commandCenter": false,
  "update.mode": "none",
};

/** The class that VS Code's window has under a theme, by the theme's name. */
function workbenchClass(label: string): string {
  if (label.includes("High Contrast")) return label.startsWith("Dark") ? "hc-black" : "hc-light";
  return label.startsWith("Dark") ? "vs-dark" : "vs";
}

export interface WindowOptions {
  width?: number;
  height?: number;
  scale?: number;
  settings?: Record<string, unknown>;
  /** Fills the copied workspace before it is opened. */
  prepare?: (workspace: string) => Promise<void>;
}

export class Window {
  private constructor(
    readonly page: Page,
    readonly workspace: string,
    readonly close: () => Promise<void>,
  ) {}

  static async open({ settings, prepare, ...size }: WindowOptions = {}): Promise<Window> {
    const folder = mkdtempSync(join(tmpdir(), "request-timeline-ui-"));
    const workspace = copyWorkspace(join(folder, "campus"));
    mkdirSync(join(workspace, ".vscode"));
    writeFileSync(join(workspace, ".vscode/settings.json"), JSON.stringify({ ...SETTINGS, ...settings }));
    await prepare?.(workspace);
    const server = await startServer({ settings: SETTINGS });
    let browser: Awaited<ReturnType<typeof openAddress>> | null = null;
    const close = async () => {
      await browser?.close();
      await server.close();
      rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
    };
    try {
      browser = await openAddress(developmentAddress(server, { workspace, extension: root }), size);
      browser.page.setDefaultTimeout(LIMIT_MS);
      await browser.page.locator(".part.statusbar .statusbar-item").first().waitFor();
      return new Window(browser.page, workspace, close);
    } catch (error) {
      await close();
      throw error;
    }
  }

  /** The extension's keys and commands are known: its icon stands in the activity bar. */
  async ready(): Promise<void> {
    await this.page.locator('.activitybar [aria-label^="Request Timeline"]').first().waitFor();
  }

  /** The tab of the editor that is shown in some group, by its file's name. */
  activeEditor(name: string): Locator {
    return this.page.locator(`.tabs-container .tab.active[data-resource-name="${name}"]`).first();
  }

  /**
   * Waits until VS Code has stored something of its editors' state that matches. In a browser it writes what pages
   * remember every few seconds, and a reload before that is a reload to the state before.
   */
  async stored(pattern: RegExp): Promise<void> {
    await this.page.waitForFunction(
      async (source) => {
        const wanted = new RegExp(source);
        for (const { name } of await indexedDB.databases()) {
          if (!name?.startsWith("vscode-web-state-db")) continue;
          // No named function here: tsx would give it a helper that this page does not have.
          const values = await new Promise<unknown[]>((done) => {
            const opening = indexedDB.open(name);
            opening.onerror = () => done([]);
            opening.onsuccess = () => {
              const database = opening.result;
              const [store] = [...database.objectStoreNames];
              const asked = store && database.transaction(store).objectStore(store).getAll();
              database.close();
              if (!asked) return done([]);
              asked.onsuccess = () => done(asked.result);
              asked.onerror = () => done([]);
            };
          });
          if (values.some((value) => wanted.test(String(value)))) return true;
        }
        return false;
      },
      pattern.source,
      { polling: 500 },
    );
  }

  /** Runs a command by its title, from the palette. */
  async command(title: string): Promise<void> {
    await this.page.keyboard.press("F1");
    await this.input().fill(`>${title}`);
    await this.row(title).click();
  }

  /** Opens a folder of logs as a session, through the command's own questions. */
  async openSession(folder: string): Promise<void> {
    await this.command("Request Timeline: Open Session…");
    await this.row("A session's folder…").click();
    await this.page.waitForFunction(() =>
      document.querySelector<HTMLInputElement>(".quick-input-widget input")?.value.startsWith("/"),
    );
    // The dialog lists what the typed folder holds before it can be taken.
    const neighbour = this.row("htdocs");
    await neighbour.waitFor();
    await this.input().fill(`${folder}/`);
    await neighbour.waitFor({ state: "hidden" });
    await this.page.locator(".quick-input-widget .monaco-button:visible", { hasText: "OK" }).click();
    await this.input().waitFor({ state: "hidden" });
  }

  /**
   * Changes the theme as a person does, since this VS Code does not take it from settings files. The picker's list is
   * made when it opens, and is empty until the themes are read: it is opened until it has the theme.
   */
  async theme(label: string): Promise<void> {
    const row = this.row(label);
    for (;;) {
      await this.command("Preferences: Color Theme");
      await this.input().fill(label);
      if (
        await row.waitFor({ timeout: 1_500 }).then(
          () => true,
          () => false,
        )
      )
        break;
      await this.page.keyboard.press("Escape");
    }
    await row.click();
    await this.input().waitFor({ state: "hidden" });
    await this.page
      .locator(`.monaco-workbench.${workbenchClass(label)}`)
      .first()
      .waitFor();
  }

  private readonly input = () => this.page.locator(".quick-input-widget input:visible").first();

  /** A row of the quick input, by its label: the text is split where it matches, and the row's name goes on behind it. */
  private readonly row = (label: string) =>
    this.page.locator(`.quick-input-widget :is([aria-label="${label}"], [aria-label^="${label},"])`).first();

  /** The page of the webview that shows `selector`. */
  webview(selector: string, timeout?: number): Promise<Frame> {
    return webviewWith(this.page, selector, timeout);
  }
}
