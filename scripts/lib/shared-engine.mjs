// The engine is in the package once: a report's page has it beside itself in a browser, and the command line takes from that
// same file (dist/report.js) every module that the page has too. An export goes from one to the other by its number.
import { relative, resolve } from "node:path";
import { build } from "esbuild";
import { root } from "./run.mjs";

/** @typedef {import("esbuild").BuildOptions} BuildOptions */

/** Where the module stands that hands an export over. */
const HANDS_OVER = "shared-engine";

/**
 * Builds a report's page and the command line, which requires the page's file beside its own.
 * @param {BuildOptions & { entryPoints: string[] }} page
 * @param {BuildOptions & { entryPoints: string[] }} command
 */
export async function buildWithSharedEngine(page, command) {
  const modules = await exportsOf(await modulesOf(page));
  const every = [...modules].flatMap(([file, names]) => names.map((name) => keyOf(file, name)));
  const trial = await build(
    takingFrom({ ...command, minify: false, write: false, sourcemap: false }, modules, (key) => `"${key}"`),
  );
  const text = trial.outputFiles?.[0]?.text ?? "";
  const used = every.filter((key) => text.includes(`"${key}"`));
  const numbers = new Map(used.map((key, number) => [key, String(number)]));
  const { entryPoints, ...rest } = page;
  await Promise.all([
    build({ ...rest, stdin: { contents: entry(entryPoints[0] ?? "", used), resolveDir: root }, ...EXPORTING }),
    build(takingFrom(command, modules, (key) => numbers.get(key) ?? "-1")),
  ]);
}

/** In a browser there is no module, and in a worker thread no page. @type {BuildOptions} */
const EXPORTING = {
  globalName: "engine",
  footer: { js: "typeof module=='object'&&(module.exports=engine.shared);" },
};

const keyOf = (/** @type {string} */ file, /** @type {string} */ name) => `${file}#${name}`;

/** The modules of src/ in a bundle. They import no others, else those were in it too. @param {BuildOptions} options */
async function modulesOf(options) {
  const { metafile } = await build({ ...options, write: false, metafile: true });
  return Object.keys(metafile.inputs).filter((file) => file.startsWith("src/"));
}

/** @param {string[]} files @returns {Promise<Map<string, string[]>>} */
async function exportsOf(files) {
  const { metafile } = await build({ entryPoints: files, outdir: "out", format: "esm", write: false, metafile: true });
  const outputs = Object.values(metafile.outputs);
  return new Map(outputs.map((output) => [output.entryPoint ?? "", output.exports]));
}

/** @param {string} page @param {string[]} keys */
function entry(page, keys) {
  const imports = keys.map((key, number) => {
    const [file, name] = key.split("#");
    return `import { ${name} as shared${number} } from "./${file}";`;
  });
  const shared = keys.map((_, number) => `shared${number}`);
  return [`import "./${page}";`, ...imports, `export const shared = [${shared.join()}];`].join("\n");
}

/**
 * The bundle with each of the modules replaced by what the page's file hands over.
 * @param {BuildOptions} options @param {Map<string, string[]>} modules @param {(key: string) => string} place
 */
function takingFrom(options, modules, place) {
  /** @type {import("esbuild").Plugin} */
  const taking = {
    name: HANDS_OVER,
    setup({ onResolve, onLoad }) {
      onResolve({ filter: /^shared-engine$/ }, () => ({ path: HANDS_OVER, namespace: HANDS_OVER, sideEffects: false }));
      onLoad({ filter: /^shared-engine$/, namespace: HANDS_OVER }, () => ({
        contents: 'const all = require("./report.js");\nexport const shared = (number) => all[number];',
      }));
      onLoad({ filter: /\.ts$/ }, ({ path }) => {
        const file = relative(root, path);
        const names = modules.get(file);
        if (!names) return undefined;
        const taken = names.map(
          (name) => `export const ${name} = /* @__PURE__ */ shared(${place(keyOf(file, name))});`,
        );
        return {
          contents: ['import { shared } from "shared-engine";', ...taken].join("\n"),
          resolveDir: resolve(path, ".."),
        };
      });
    },
  };
  const { external = [], plugins = [] } = options;
  return { ...options, external: [...external, "./report.js"], plugins: [...plugins, taking] };
}
