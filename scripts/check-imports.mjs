// The import arrows: which room may import which, each rule with its reason.
// Fails with the offending line; run by `npm test`.
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";

const root = resolve(import.meta.dirname ?? dirname(new URL(import.meta.url).pathname), "..");

/**
 * room → what it may import: other rooms, "node" for node: modules, "vscode", "npm" for packages.
 * @type {Record<string, { may: string[], why: string }>}
 */
const rules = {
  "src/model": { may: [], why: "the model is pure: it also runs in the webview and in a web build" },
  "src/formats": { may: ["src/model"], why: "a format turns bytes into records, wherever it runs" },
  "src/protocol": { may: ["src/model"], why: "messages are types; both ends import them" },
  "src/log": { may: ["src/model", "src/formats/native", "node"], why: "the log's writer is inside the user's server" },
  "src/instrument": {
    may: ["src/model", "src/formats/native", "src/log", "node"],
    why: "the preload hook has no dependency",
  },
  "src/server": { may: ["src/instrument", "src/log", "src/model", "node"], why: "the server stamps nothing itself" },
  "src/probe": { may: ["src/formats/native", "src/model", "src/log", "node", "npm"], why: "a client knows no engine" },
  "src/session": { may: ["src/model", "src/log", "src/formats/native", "node"], why: "a session is files" },
  "src/receiver": { may: ["src/formats", "src/model", "node", "npm"], why: "what others send becomes a log, no more" },
  "src/engine": {
    may: ["src/model", "src/formats", "src/protocol"],
    why: "the query side of the engine also runs in a web build",
  },
  "src/engine/node": {
    may: ["src/engine", "src/model", "src/formats", "src/protocol", "src/session", "node", "npm"],
    why: "the worker's files and threads",
  },
  "src/cli": {
    may: [
      "src/model",
      "src/formats",
      "src/protocol",
      "src/log",
      "src/instrument",
      "src/server",
      "src/probe",
      "src/session",
      "src/receiver",
      "src/engine",
      "src/engine/node",
      "node",
      "npm",
      "package.json",
    ],
    why: "the command line knows neither VS Code nor the page",
  },
  "src/extension": {
    may: [
      "src/model",
      "src/formats",
      "src/protocol",
      "src/log/listening",
      "src/session",
      "src/engine/node",
      "node",
      "vscode",
    ],
    why: "the only room that imports vscode; of the logs it reads where a server listens, the rest is the engine's",
  },
  "webview/report": {
    may: ["src/engine", "src/model", "src/protocol", "webview/host/api"],
    why: "in a report's file the engine stands beside the page, which asks it by the same messages as ever",
  },
  webview: { may: ["src/model", "src/protocol", "npm"], why: "the page is a replica: it asks, it does not compute" },
};

const rooms = Object.keys(rules).sort((a, b) => b.length - a.length);
const roomOf = (/** @type {string} */ path) => rooms.find((room) => path === room || path.startsWith(`${room}/`));
const files = ["src", "webview"].flatMap((top) =>
  readdirSync(join(root, top), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith(".ts"))
    .map((entry) => relative(root, join(entry.parentPath, entry.name))),
);

const pattern =
  /^(?:import|export)\s(?:[^"';=(]*?\sfrom\s)?["']([^"']+)["']|\b(?:import|require)\(\s*["']([^"']+)["']\s*\)/gm;
let failures = 0;
for (const file of files) {
  const room = roomOf(file);
  if (!room) {
    console.error(`${file}: in no room; add it to scripts/check-imports.mjs or move it`);
    failures++;
    continue;
  }
  const { may, why } = rules[room];
  const text = readFileSync(join(root, file), "utf8");
  for (const match of text.matchAll(pattern)) {
    const specifier = match[1] ?? match[2];
    let target;
    if (specifier.startsWith(".")) {
      const path = relative(root, resolve(root, dirname(file), specifier));
      if (path === "package.json") target = "package.json";
      else if (roomOf(path) === room) continue;
      else target = may.includes(path) ? path : roomOf(path);
    } else if (specifier === "vscode") target = "vscode";
    else if (specifier.startsWith("node:")) target = "node";
    else target = "npm";
    if (target && may.includes(target)) continue;
    const line = text.slice(0, match.index).split("\n").length;
    console.error(`${file}:${line}: ${room} must not import ${specifier} (${why})`);
    failures++;
  }
}
if (failures) process.exit(1);
console.log(`import arrows: ${files.length} files, all in order`);
