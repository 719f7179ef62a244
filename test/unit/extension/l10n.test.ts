import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

const root = join(__dirname, "../../..");
const read = (file: string): Record<string, string> => JSON.parse(readFileSync(join(root, file), "utf8"));
const placeholders = (text: string) => (text.match(/\{\d+\}|\]\(command:[\w.]+\)/g) ?? []).sort();

describe("texts", () => {
  it("of the code are all in the bundle that translations start from", () => {
    execFileSync(process.execPath, ["scripts/l10n.mjs", "--check"], { cwd: root });
  });

  const translations = [
    ...readdirSync(join(root, "l10n")).map((file) => ({ file: `l10n/${file}`, source: "l10n/bundle.l10n.json" })),
    ...readdirSync(root)
      .filter((file) => /^package\.nls\..+\.json$/.test(file))
      .map((file) => ({ file, source: "package.nls.json" })),
  ];
  for (const { file, source } of translations)
    it(`of ${file} are those of ${source}, with the same placeholders and links`, () => {
      const [texts, originals] = [read(file), read(source)];
      assert.deepEqual(Object.keys(texts).sort(), Object.keys(originals).sort());
      for (const [key, text] of Object.entries(texts))
        assert.deepEqual(placeholders(text), placeholders(originals[key]!));
    });
});
