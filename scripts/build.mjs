// Bundles everything that ships into dist/: extension, engine worker, preload hook, command line, page.
import { chmodSync } from "node:fs";
import { build, context } from "esbuild";
import { buildWithSharedEngine } from "./lib/shared-engine.mjs";

/** @type {import("esbuild").BuildOptions} */
const node = {
  platform: "node",
  format: "cjs",
  target: "node20",
  bundle: true,
  sourcemap: "linked",
  logLevel: "warning",
};
/**
 * parse5 names the errors of a document, which nobody asks it for: without the names the package is a kilobyte smaller.
 * @type {import("esbuild").Plugin}
 */
const noErrorNames = {
  name: "no-error-names",
  setup: ({ onLoad }) =>
    onLoad({ filter: /parse5.dist.common.error-codes\.js$/ }, () => ({ contents: "export const ERR = {};" })),
};

/** @type {import("esbuild").BuildOptions} */
const page = { platform: "browser", format: "iife", target: "es2022", bundle: true, minify: true, logLevel: "warning" };

/** @typedef {import("esbuild").BuildOptions & { entryPoints: string[] }} Bundle */
/** @type {Bundle} */
const report = { ...page, entryPoints: ["webview/report/main.ts"], outfile: "dist/report.js" };

/** @type {Bundle} */
const command = {
  ...node,
  entryPoints: ["src/cli/index.ts"],
  outfile: "dist/cli.js",
  banner: { js: "#!/usr/bin/env node" },
  minify: true,
  plugins: [noErrorNames],
  // The tables of an HTML parser are shorter so.
  charset: "utf8",
};

/** @type {import("esbuild").BuildOptions[]} */
const bundles = [
  {
    ...node,
    entryPoints: ["src/extension/extension.ts"],
    outfile: "dist/extension.js",
    external: ["vscode"],
    minify: true,
  },
  { ...node, entryPoints: ["src/engine/node/engine.cjs"], outfile: "dist/engine.js", bundle: false, sourcemap: false },
  // Without its names: a profile or a stack of the user's server tells the hook by its file, and the names are in src/.
  { ...node, entryPoints: ["src/instrument/hook.ts"], outfile: "dist/hook.js", sourcemap: false, minify: true },
  { ...page, entryPoints: ["webview/main.ts"], outfile: "dist/webview.js" },
  { ...page, entryPoints: ["webview/style.css"], outfile: "dist/webview.css" },
  { ...page, entryPoints: ["webview/report/report.css"], outfile: "dist/report.css" },
];

if (process.argv.includes("--watch"))
  for (const bundle of [...bundles, report, command]) await (await context({ ...bundle, logLevel: "info" })).watch();
else {
  await Promise.all([...bundles.map((bundle) => build(bundle)), buildWithSharedEngine(report, command)]);
  chmodSync("dist/cli.js", 0o755);
}
