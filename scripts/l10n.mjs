// The English texts of src/extension as l10n/bundle.l10n.json, which translations start from. A text is a literal first
// argument of `t(…)`. `--check` only says whether the bundle is what it would write; run by the unit tests.
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "./lib/run.mjs";

const CALL = /\bt\(\s*("(?:[^"\\]|\\.)*")/g;
const bundle = join(root, "l10n/bundle.l10n.json");
const folder = join(root, "src/extension");

const texts = readdirSync(folder)
  .filter((file) => file.endsWith(".ts"))
  .flatMap((file) => [...readFileSync(join(folder, file), "utf8").matchAll(CALL)])
  .map(([, literal]) => JSON.parse(literal ?? '""'));
const wanted = `${JSON.stringify(Object.fromEntries([...new Set(texts)].sort().map((text) => [text, text])), null, 2)}\n`;

if (!process.argv.includes("--check")) writeFileSync(bundle, wanted);
else if (readFileSync(bundle, "utf8") !== wanted) {
  console.error("l10n/bundle.l10n.json is not up to date: npm run l10n");
  process.exitCode = 1;
}
