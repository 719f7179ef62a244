import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { CAMPUS, serving } from "./support";

const SECRET = "the secret";

describe("a path", () => {
  it("does not lead out of the root, however it is written", () =>
    serving({ files: { "../secret.txt": SECRET, "a/b.txt": "inside" } }, async ({ ask }) => {
      const ways = [
        "/../secret.txt",
        "/a/../../secret.txt",
        "/%2e%2e/secret.txt",
        "/..%2fsecret.txt",
        "/%2e%2e%2fsecret.txt",
        "/..%5csecret.txt",
        "/a/..%00/secret.txt",
        "/%c0%ae%c0%ae/secret.txt",
        "/%252e%252e/secret.txt",
        "//../secret.txt",
        "/./../secret.txt",
      ];
      for (const way of ways) {
        const { status, text } = await ask(way);
        assert.ok(status === 400 || status === 404, `${way}: ${status}`);
        assert.doesNotMatch(text, /the secret/);
      }
    }));

  it("follows a symlink inside the root and none out of it", () =>
    serving({ files: { "../secret.txt": SECRET, "a/b.txt": "inside" } }, async ({ ask, root }) => {
      symlinkSync(join(root, "a/b.txt"), join(root, "good.txt"));
      symlinkSync(join(root, "../secret.txt"), join(root, "bad.txt"));
      symlinkSync(join(root, ".."), join(root, "up"));
      symlinkSync("loop", join(root, "loop"));
      assert.equal((await ask("/good.txt")).text, "inside");
      for (const path of ["/bad.txt", "/up/secret.txt", "/loop"]) assert.equal((await ask(path)).status, 404, path);
    }));

  it("is judged by what was opened: a symlink that is swapped meanwhile leads nowhere", () =>
    serving({ files: { "../out/file": SECRET, "real/file": "inside" } }, async ({ ask, root }) => {
      symlinkSync(join(root, "real"), join(root, "link"));
      symlinkSync(join(root, "../out"), join(root, "../other"));
      let swapping = true;
      const swaps = (async () => {
        while (swapping) {
          // Exchanges what `link` points to, over and over.
          renameSync(join(root, "link"), join(root, "../kept"));
          renameSync(join(root, "../other"), join(root, "link"));
          renameSync(join(root, "../kept"), join(root, "../other"));
          await new Promise((done) => setImmediate(done));
        }
      })();
      const seen = new Set<number>();
      for (let i = 0; i < 500; i++) {
        const { status, text } = await ask("/link/file");
        seen.add(status);
        assert.ok(status === 200 ? text === "inside" : status === 404, `${status} ${text}`);
      }
      swapping = false;
      await swaps;
      assert.deepEqual([...seen].sort(), [200, 404], "both were met");
    }));

  it("to a named pipe, a device or a folder without an index is answered at once", () =>
    serving({ files: { "sub/x": "" } }, async ({ ask, root }) => {
      execFileSync("mkfifo", [join(root, "pipe")]);
      symlinkSync("/dev/zero", join(root, "zero"));
      for (const path of ["/pipe", "/zero", "/sub/", "/sub/x/"]) assert.equal((await ask(path)).status, 404, path);
    }));

  it("to a program's text is none, whatever its spelling and wherever the programs lie", async () => {
    const ways = [
      "/cgi-bin/p.cgi",
      "//cgi-bin/p.cgi",
      "/cgi-bin//p.cgi",
      "/%63gi-bin/p.cgi",
      "/link/p.cgi",
      "/x/../cgi-bin/p.cgi",
    ];
    const program = "#!/bin/sh\nprintf 'Content-Type: text/plain\\n\\nanswer'\n";
    await serving({ files: { "cgi-bin/p.cgi": program, "x/y": "" } }, async ({ ask, root }) => {
      symlinkSync(join(root, "cgi-bin"), join(root, "link"));
      for (const way of ways) assert.doesNotMatch((await ask(way)).text, /printf/, way);
      assert.equal((await ask("/cgi-bin/p.cgi")).text, "answer");
    });
    await serving({ root: CAMPUS }, async ({ ask }) => {
      assert.equal((await ask("/htdocs/index.html")).status, 404);
      assert.equal((await ask("/make/images.mjs")).status, 404);
    });
  });

  it("that vanished while the server ran is a 404, and comes back", () =>
    serving({ files: { "a/b.txt": "inside" } }, async ({ ask, root }) => {
      rmSync(join(root, "a"), { recursive: true });
      assert.equal((await ask("/a/b.txt")).status, 404);
      mkdirSync(join(root, "a"));
      writeFileSync(join(root, "a/b.txt"), "again");
      assert.equal((await ask("/a/b.txt")).text, "again");
    }));
});
