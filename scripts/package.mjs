// Makes the VSIX and checks what is in it: only what is used at run time, all that the manifest names, under 500 KB.
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import zlib from "node:zlib";
import { ensurePackages } from "./lib/packages.mjs";
import { root, run } from "./lib/run.mjs";

const LIMIT_BYTES = 500_000;

const ALLOWED = [
  /^dist\/(extension|engine|hook|cli|webview|report)\.js$/,
  /^dist\/(webview|report)\.css$/,
  /^media\/[\w./-]+\.(png|svg|md)$/,
  /^l10n\/bundle\.l10n\.[\w-]+\.json$/,
  /^syntaxes\/[\w.-]+\.json$/,
  /^package(\.nls(\.[\w-]+)?)?\.json$/,
  /^language-configuration\.json$/,
  /^(README|CHANGELOG)\.md$/,
  /^LICENSE$/,
];
const REQUIRED = ["package.json", "README.md", "CHANGELOG.md", "LICENSE", "dist/extension.js", "dist/engine.js"].concat(
  ["dist/hook.js", "dist/cli.js", "dist/webview.js", "dist/webview.css", "dist/report.js", "dist/report.css"],
);

/** Paths (`./media/icon.svg`) that stand as values anywhere in the manifest. @param {unknown} value @returns {string[]} */
function pathsIn(value) {
  if (typeof value === "string")
    return /^\.?\/?(media|syntaxes|dist)\/\S+$/.test(value) ? [value.replace(/^\.\//, "")] : [];
  return typeof value === "object" && value !== null ? Object.values(value).flatMap(pathsIn) : [];
}

/**
 * What the manifest and .vscodeignore are about, in a folder of its own: in the repository the packager would look at
 * each of the tens of thousands of files that it then leaves out.
 * @param {string} folder
 */
function stage(folder) {
  for (const name of readdirSync(root)) {
    const wanted = ["dist", "media", "l10n", "syntaxes", ".vscodeignore"].includes(name);
    if (wanted || ALLOWED.some((pattern) => pattern.test(name)))
      cpSync(join(root, name), join(folder, name), { recursive: true });
  }
  // Without spaces, and of the manifest without what only developers use: 1 KB, most of it versions.
  for (const name of readdirSync(folder, { recursive: true, encoding: "utf8" }))
    if (name.endsWith(".json")) {
      const { scripts, devDependencies, bin, ...content } = JSON.parse(readFileSync(join(folder, name), "utf8"));
      writeFileSync(join(folder, name), JSON.stringify(content));
    }
}

/** The packager asks for no level, and gets a middling one: the best, and shorter blocks of one code, save 1.5 KB. */
function compressWell() {
  const { DeflateRaw } = zlib;
  zlib.DeflateRaw = class extends DeflateRaw {
    constructor() {
      super({ level: 9, memLevel: 6 });
    }
  };
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
  const file = join(root, `${manifest.name}-${manifest.version}.vsix`);
  const folder = mkdtempSync(join(tmpdir(), "request-timeline-package-"));
  try {
    stage(folder);
    const files = await listFiles({ cwd: folder });
    const strangers = files.filter((file) => !ALLOWED.some((pattern) => pattern.test(file)));
    if (strangers.length) throw new Error(`not meant to be in the VSIX: ${strangers.join(", ")}`);
    const { main, icon, contributes } = manifest;
    const missing = [...REQUIRED, ...pathsIn({ main, icon, contributes })].filter((file) => !files.includes(file));
    if (missing.length) throw new Error(`missing from the VSIX: ${missing.join(", ")}`);
    compressWell();
    const options = { dependencies: false, allowMissingRepository: true, rewriteRelativeLinks: false };
    await createVSIX({ cwd: folder, packagePath: file, ...options });
    const bytes = statSync(file).size;
    if (bytes > LIMIT_BYTES) throw new Error(`${file} has ${bytes} bytes; the limit is ${LIMIT_BYTES}`);
    return { file, files, bytes };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
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
