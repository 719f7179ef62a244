import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import * as ids from "../../../src/extension/ids";
import { SESSIONS_FOLDER } from "../../../src/session";

const root = join(__dirname, "../../..");
const manifest = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
const { contributes } = manifest;
const sorted = (values: Iterable<string>) => [...values].sort();

describe("ids and package.json", () => {
  it("name the same extension", () => {
    assert.equal(ids.EXTENSION_ID, `${manifest.publisher}.${manifest.name}`);
  });

  it("name the same commands", () => {
    const contributed = contributes.commands.map(({ command }: { command: string }) => command);
    assert.deepEqual(sorted(contributed), sorted(Object.values(ids.COMMANDS)));
  });

  it("give every command the category and a title", () => {
    for (const { command, category, title } of contributes.commands) {
      assert.equal(category, "Request Timeline", command);
      assert.match(title, /^%.+%$/, command);
    }
  });

  it("hide commands that need an argument from the palette", () => {
    const hidden = contributes.menus.commandPalette
      .filter(({ when }: { when: string }) => when === "false")
      .map(({ command }: { command: string }) => command);
    assert.deepEqual(sorted(hidden), sorted(ids.INTERNAL_COMMANDS));
  });

  it("name the same settings", () => {
    assert.deepEqual(sorted(Object.keys(contributes.configuration.properties)), sorted(Object.values(ids.SETTINGS)));
  });

  it("restrict every setting that becomes a path or a command to trusted workspaces", () => {
    const { restrictedConfigurations } = manifest.capabilities.untrustedWorkspaces;
    assert.deepEqual(sorted(restrictedConfigurations), sorted([ids.SETTINGS.sessionFolder, ids.SETTINGS.nodePath]));
  });

  it("name the same view, container, task type, matcher, language and panel", () => {
    assert.equal(contributes.viewsContainers.activitybar[0].id, ids.VIEW_CONTAINER);
    assert.equal(contributes.views[ids.VIEW_CONTAINER][0].id, ids.SESSIONS_VIEW);
    assert.equal(contributes.taskDefinitions[0].type, ids.TASK_TYPE);
    assert.equal(contributes.problemMatchers[0].name, ids.PROBLEM_MATCHER);
    assert.equal(contributes.languages[0].id, ids.LOG_LANGUAGE);
    // The rest VS Code derives from what is contributed, but not a language that has no configuration of brackets and the
    // like; logs of other tools are of its language `log`.
    assert.deepEqual(manifest.activationEvents, [
      `onWebviewPanel:${ids.TIMELINE_PANEL}`,
      "onLanguage:log",
      `onLanguage:${ids.LOG_LANGUAGE}`,
      `workspaceContains:${SESSIONS_FOLDER}/${ids.SCHEDULE_MARKER}`,
    ]);
  });

  it("use in when-clauses no key, view or item that the code does not set", () => {
    const used = JSON.stringify([
      contributes.menus,
      contributes.keybindings,
      contributes.viewsWelcome,
      contributes.commands,
    ]);
    const known = new Set<string>([
      ...Object.values(ids.COMMANDS),
      ...Object.values(ids.CONTEXT_KEYS),
      ...Object.values(ids.TREE_ITEMS),
      ids.SESSIONS_VIEW,
    ]);
    for (const [name] of used.matchAll(/requestTimeline\.[\w.]+/g)) assert.ok(known.has(name), name);
  });

  it("use only texts that package.nls.json has, and all of them", () => {
    const texts = JSON.parse(readFileSync(join(root, "package.nls.json"), "utf8"));
    const used = [...JSON.stringify(manifest).matchAll(/"%([^"%]+)%"/g)].map(([, key]) => key!);
    assert.deepEqual(sorted(new Set(used)), sorted(Object.keys(texts)));
  });

  it("have every file that the manifest names", () => {
    const paths = [contributes.grammars[0].path, contributes.viewsContainers.activitybar[0].icon];
    for (const path of paths) assert.ok(readFileSync(join(root, path)).length, path);
  });

  it("are written nowhere else in the extension", () => {
    const folder = join(root, "src/extension");
    for (const file of readdirSync(folder).filter((name) => name.endsWith(".ts") && name !== "ids.ts")) {
      const code = readFileSync(join(folder, file), "utf8");
      assert.doesNotMatch(code, /"requestTimeline\.\w/, file);
    }
  });
});
