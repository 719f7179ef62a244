import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";

const tracked = execFileSync("git", ["ls-files", "--cached", "--others", "--exclude-standard"], { encoding: "utf8" })
  .trim()
  .split("\n");
const sources = tracked
  .filter((file) => /\.(?:ts|[cm]?js|json)$/.test(file) && basename(file) !== "package-lock.json")
  .map((file) => readFileSync(file, "utf8"))
  .join("\n");
const commands = tracked.map((file) => /^src\/cli\/commands\/(.*)\.ts$/.exec(file)?.[1]);

/** Node's own, which nothing of ours passes on. */
const NODE_OPTIONS = ["--cpu-prof", "--trace-deopt"];

const all = (text: string, pattern: RegExp): string[] =>
  [...text.matchAll(pattern)].map((match) => match[1] ?? match[0]);

/** A tracked file (its ending may be left out) or folder; `*` is any name. */
function isPath(path: string): boolean {
  const pattern = path.replace(/[.$]/g, "\\$&").replace(/\*+/g, ".*").replace(/\/$/, "");
  return tracked.some((file) => new RegExp(`^${pattern}(?:/.*|(?:\\.test)?\\.\\w+)?$`).test(file));
}

describe("what the documents name exists", () => {
  for (const document of tracked.filter((file) => /^(?:docs\/[^/]+|README|CONTRIBUTING)\.md$/.test(file)))
    it(document, () => {
      const text = readFileSync(document, "utf8");
      const code = all(text, /(?<!`)`([^`\n]+)`(?!`)/g);
      const missing = [
        ...all(text, /\]\((?![a-z]+:)([^)#]+)[^)]*\)/g).filter((link) => !existsSync(join(dirname(document), link))),
        ...code
          .flatMap((part) =>
            all(part, /(?<![\w./-])(?:src|webview|test|scripts|bench|examples|docs|media)\/[\w./*-]*/g),
          )
          .filter((path) => !isPath(path)),
        ...code
          .filter((part) => /^[\w.-]+\.(?:ts|mjs|cjs|css|md)$/.test(part))
          .filter((name) => !tracked.some((file) => basename(file) === name)),
        ...all(text, /\bnpm run ([\w:-]+)/g).filter((script) => !sources.includes(`"${script}":`)),
        ...all(text, /\brequestTimeline\.\w+/g).filter((name) => !sources.includes(name)),
        ...all(text, /(?:\bcli\.js|\brequest-timeline) ([a-z]+)\b/g).filter((command) => !commands.includes(command)),
        ...all(text, /(?<![\w-])--[a-z][\w-]*/g).filter(
          (option) => !sources.includes(option) && !NODE_OPTIONS.includes(option),
        ),
      ];
      assert.deepEqual([...new Set(missing)], []);
    });
});
