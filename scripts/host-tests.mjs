// Host tests: mocha inside the extension host of a real VS Code.
// `npm run host -- --grep PATTERN` runs some of them; `--no-build` takes dist/ as it is.
import { appendFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { readdir } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { windowLock, withLock } from "./lib/lock.mjs";
import { root, run } from "./lib/run.mjs";
import { copyWorkspace } from "./lib/workspace.mjs";
import { setup } from "./setup.mjs";
import { developmentAddress, openAddress, startServer } from "./vscode-server.mjs";

const LIMIT_MS = 20 * 60_000;

/**
 * Each test file and the index as a module of its own, in a folder of this run; packages are found in the repository.
 * @returns {Promise<string>} the folder
 */
async function bundle() {
  const { build } = await import("esbuild");
  mkdirSync(join(root, "out"), { recursive: true });
  const out = mkdtempSync(join(root, "out/host-"));
  const files = (await readdir(join(root, "test/host"))).filter((file) => file.endsWith(".ts"));
  await build({
    entryPoints: files.map((file) => join(root, "test/host", file)),
    outdir: out,
    bundle: true,
    platform: "node",
    format: "cjs",
    target: "node20",
    packages: "external",
    sourcemap: "inline",
    logLevel: "warning",
  });
  return out;
}

/** Prints what is new in the file; returns how much of it is printed. @param {string} file @param {number} printed */
function follow(file, printed) {
  if (!existsSync(file)) return printed;
  const text = readFileSync(file, "utf8");
  process.stdout.write(text.slice(printed));
  return text.length;
}

/**
 * @param {string} folder where the run leaves its output and result
 * @param {string} tests the bundled tests
 * @param {string | undefined} grep
 */
async function hostTests(folder, tests, grep) {
  const workspace = copyWorkspace(join(folder, "campus"));
  const server = await startServer({
    env: { REQUEST_TIMELINE_HOST_RUN: folder, ...(grep && { REQUEST_TIMELINE_HOST_GREP: grep }) },
  });
  try {
    return await watchTests(
      developmentAddress(server, { workspace, extension: root, tests: join(tests, "index.js") }),
      folder,
    );
  } finally {
    await server.close();
  }
}

/** @param {string} address @param {string} folder */
async function watchTests(address, folder) {
  const output = join(folder, "output.txt");
  const result = join(folder, "result.json");
  const window = await openAddress(address);
  try {
    let printed = 0;
    for (const deadline = Date.now() + LIMIT_MS; !existsSync(result); await sleep(100)) {
      printed = follow(output, printed);
      if (Date.now() < deadline) continue;
      await window.page.screenshot({ path: join(root, "out/host-timeout.png") });
      throw new Error(`host tests did not end within ${LIMIT_MS / 60_000} minutes; see out/host-timeout.png`);
    }
    follow(output, printed);
    return JSON.parse(readFileSync(result, "utf8"));
  } finally {
    await window.close();
  }
}

const at = process.argv.indexOf("--grep");
const folder = mkdtempSync(join(tmpdir(), "request-timeline-host-"));
let tests = "";
try {
  await setup();
  if (!process.argv.includes("--no-build") && (await run(process.execPath, ["scripts/build.mjs"])) !== 0)
    throw new Error("the build failed");
  tests = await bundle();
  const stats = await withLock(windowLock, () => hostTests(folder, tests, at > 0 ? process.argv[at + 1] : undefined));
  const totals = process.env.REQUEST_TIMELINE_TOTALS;
  if (totals) appendFileSync(totals, `${JSON.stringify(stats)}\n`);
  if (stats.passes + stats.failures === 0) throw new Error("no host test ran");
  if (stats.failures) process.exitCode = 1;
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
} finally {
  for (const left of [folder, tests]) if (left) rmSync(left, { recursive: true, force: true, maxRetries: 5 });
}
