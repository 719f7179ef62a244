/** A VS Code window in a browser with the extension under development: what every UI test and screenshot drives. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Frame, Page } from "playwright-core";
import { copyWorkspace } from "../../scripts/lib/workspace.mjs";
import { developmentAddress, openAddress, startServer, webviewWith } from "../../scripts/vscode-server.mjs";

const root = join(__dirname, "../..");

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
      await browser.page.locator(".part.statusbar .statusbar-item").first().waitFor();
      return new Window(browser.page, workspace, close);
    } catch (error) {
      await close();
      throw error;
    }
  }

  /** Runs a command by its title, from the palette. */
  async command(title: string): Promise<void> {
    await this.page.keyboard.press("F1");
    await this.pick(`>${title}`, title);
  }

  /** Changes the theme as a person does: where it is set in files, this VS Code follows the browser's instead. */
  async theme(label: string): Promise<void> {
    await this.command("Preferences: Color Theme");
    await this.pick(label, label);
    await this.page.locator(".quick-input-widget").waitFor({ state: "hidden" });
  }

  /** Types into the quick input and takes the row with exactly this label. */
  private async pick(text: string, label: string): Promise<void> {
    const input = this.page.locator(".quick-input-widget input:visible").first();
    await input.fill(text);
    // The label's text is split where it matches, and the row's name goes on with its key binding.
    await this.page
      .locator(`.quick-input-widget :is([aria-label="${label}"], [aria-label^="${label},"])`)
      .first()
      .click();
  }

  /** The page of the webview that shows `selector`. */
  webview(selector: string, timeout?: number): Promise<Frame> {
    return webviewWith(this.page, selector, timeout);
  }
}
