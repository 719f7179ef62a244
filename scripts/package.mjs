// Makes the VSIX and checks what is in it: only what is used at run time, all that the manifest names, under 500 KB.
import { existsSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { ensurePackages } from "./lib/packages.mjs";
import { root, run } from "./lib/run.mjs";

const LIMIT_BYTES = 500_000;

const ALLOWED = [
  /^dist\/(extension|engine|hook|cli|webview)\.js$/,
  /^dist\/webview\.css$/,
  /^media\/[\w./-]+\.(png|svg|md)$/,
  /^l10n\/bundle\.l10n(\.[\w-]+)?\.json$/,
  /^syntaxes\/[\w.-]+\.json$/,
  /^package(\.nls(\.[\w-]+)?)?\.json$/,
  /^language-configuration\.json$/,
  /^(README|CHANGELOG)\.md$/,
  /^LICENSE$/,
];
const REQUIRED = ["package.json", "README.md", "CHANGELOG.md", "LICENSE", "dist/extension.js", "dist/engine.js"].concat(
  ["dist/hook.js", "dist/cli.js", "dist/webview.js", "dist/webview.css"],
);

/** Paths (`./media/icon.svg`) that stand as values anywhere in the manifest. @param {unknown} value @returns {string[]} */
function pathsIn(value) {
  if (typeof value === "string")
    return /^\.?\/?(media|syntaxes|dist)\/\S+$/.test(value) ? [value.replace(/^\.\//, "")] : [];
  return typeof value === "object" && value !== null ? Object.values(value).flatMap(pathsIn) : [];
}

/**
 * Builds and packages.
 * @returns {Promise<{ file: string, files: string[], bytes: number }>}
 */
export async function makePackage() {
  ensurePackages();
  const { createVSIX, listFiles } = await import("@vscode/vsce");
  if ((await run(process.execPath, ["scripts/build.mjs"])) !== 0) throw new Error("the build failed");
  const manifest = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  const files = await listFiles({ cwd: root });
  const strangers = files.filter((file) => !ALLOWED.some((pattern) => pattern.test(file)));
  if (strangers.length) throw new Error(`not meant to be in the VSIX: ${strangers.join(", ")}`);
  const wanted = [
    ...REQUIRED,
    ...pathsIn({ main: manifest.main, icon: manifest.icon, contributes: manifest.contributes }),
  ];
  const missing = wanted.filter((file) => !files.includes(file));
  if (missing.length) throw new Error(`missing from the VSIX: ${missing.join(", ")}`);
  const file = join(root, `${manifest.name}-${manifest.version}.vsix`);
  await createVSIX({
    cwd: root,
    packagePath: file,
    dependencies: false,
    allowMissingRepository: true,
    rewriteRelativeLinks: false,
  });
  const bytes = existsSync(file) ? statSync(file).size : 0;
  if (bytes === 0 || bytes > LIMIT_BYTES) throw new Error(`${file} has ${bytes} bytes; the limit is ${LIMIT_BYTES}`);
  return { file, files, bytes };
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  try {
    const { file, files, bytes } = await makePackage();
    console.log(`${file}: ${files.length} files, ${bytes} bytes`);
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  }
}
