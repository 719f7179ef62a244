import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { filesOf } from "../../../src/engine/node/discover";
import { createSession, finishSession, isSession, readManifest, SessionError } from "../../../src/session";
import { nameOf } from "../../../src/session/name";

describe("a session folder", () => {
  let root: string;
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), "session-"));
  });
  afterEach(() => rmSync(root, { recursive: true, force: true }));
  const options = { commands: { serve: "site" }, tool: "1.2.3" };

  it("is made with a manifest that reads back as it was written", async () => {
    const session = await createSession(join(root, "a", "b"), { ...options, name: "first" });
    assert.deepEqual(await readManifest(session.folder), JSON.parse(JSON.stringify(session.manifest)));
    assert.equal(session.manifest.name, "first");
    assert.match(session.manifest.id, /^[0-9a-f]{16}$/);
    assert.equal(session.manifest.ended, undefined);
    assert.equal(await isSession(session.folder), true);
    assert.equal(await isSession(root), false);
  });

  it("may be an empty folder that exists, never one that holds anything", async () => {
    await createSession(root, options);
    await assert.rejects(createSession(root, options), (error: Error) => {
      assert(error instanceof SessionError);
      assert.match(error.message, /not empty/);
      return true;
    });
  });

  it("has its name beside those that are opened with it, and its folder's where names are the same", async () => {
    const at = (path: string, name?: string) => createSession(join(root, path), { ...options, name });
    const before = (await at("monday", "campus")).folder;
    const after = (await at("tuesday", "campus")).folder;
    const other = (await at("other")).folder;
    const log = join(root, "access.log");
    writeFileSync(log, "");
    assert.equal(await nameOf([before]), "campus");
    assert.equal(await nameOf([before, other]), "campus and other");
    assert.equal(await nameOf([before, after]), "monday and tuesday");
    assert.equal(await nameOf([other, log, before]), "other, access.log and campus");
    assert.equal(await nameOf([other, log, before, after]), "other, access.log and 2 more");
  });

  it("is told to be finished once it is", async () => {
    const { folder, manifest } = await createSession(join(root, "s"), options);
    const finished = await finishSession(folder);
    assert(finished.ended! >= manifest.started);
    assert.deepEqual(await readManifest(folder), finished);
  });

  it("keeps git away from the sessions folder that it made, and leaves one that was there alone", async () => {
    await createSession(join(root, "new", ".request-timeline", "s"), options);
    assert.equal(readFileSync(join(root, "new", ".request-timeline", ".gitignore"), "utf8"), "*\n");
    assert.equal(existsSync(join(root, "new", ".gitignore")), false);
    mkdirSync(join(root, "old", ".request-timeline"), { recursive: true });
    await createSession(join(root, "old", ".request-timeline", "s"), options);
    assert.equal(existsSync(join(root, "old", ".request-timeline", ".gitignore")), false);
  });

  it("is made of its logs, whatever they are called, and of nothing else", async () => {
    const logs = ["client.ndjson", "projlog2", "server.ab12.ndjson", "server.ndjson", "time.txt"];
    const passing = ["manifest.json.new", "server.ndjson.6b216697456479a0.claim"];
    for (const name of [...logs, ...passing, "manifest.json", "session.rtindex", ".hidden"])
      writeFileSync(join(root, name), "");
    mkdirSync(join(root, "folder.ndjson"));
    assert.deepEqual(
      (await filesOf(root)).map((file) => file.slice(root.length + 1)),
      logs,
    );
  });

  it("knows the commit that it was recorded at", async () => {
    const git = (...words: string[]) =>
      execFileSync("git", ["-c", "user.name=t", "-c", "user.email=t@example.org", ...words], { cwd: root });
    git("init", "-q");
    writeFileSync(join(root, "a"), "1");
    git("add", "a");
    git("commit", "-qm", "a");
    const commit = git("rev-parse", "HEAD").toString().trim();
    const clean = await createSession(join(root, "s1"), { ...options, cwd: root });
    assert.deepEqual(clean.manifest.git, { commit, dirty: false });
    writeFileSync(join(root, "a"), "2");
    const dirty = await createSession(join(root, "s2"), { ...options, cwd: root });
    assert.deepEqual(dirty.manifest.git, { commit, dirty: true });
  });

  const faults: [what: string, text: string | null, says: RegExp][] = [
    ["no manifest", null, /no session folder/],
    ["a torn one", '{"schema":"request-', /not JSON/],
    ["a list", "[]", /not a JSON object/],
    ["a newer version", '{"schema":"request-timeline/session@9"}', /unknown session version/],
    ["one without an id", '{"schema":"request-timeline/session@1","name":"x"}', /"id"/],
  ];
  for (const [what, text, says] of faults)
    it(`says in words what is wrong with ${what}`, async () => {
      if (text !== null) writeFileSync(join(root, "manifest.json"), text);
      await assert.rejects(
        readManifest(root),
        (error: Error) => error instanceof SessionError && says.test(error.message),
      );
    });
});
