import assert from "node:assert/strict";
import { execFile, spawnSync } from "node:child_process";
import { readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { UPLOADS } from "../../../src/server/files/uploads";
import { rawClient, until } from "../instrument/support";
import { type Asked, buildWorker, type Site, type SiteOptions, serving } from "./support";

const run = promisify(execFile);
const withCurl = spawnSync("curl", ["--version"]).error === undefined ? it : it.skip;

const OPTIONS: SiteOptions = { files: { "files/old.txt": "old", "other.txt": "other" }, writable: "/files/" };
const put = (body: string | Buffer, headers: Record<string, string> = {}): Asked => ({ method: "PUT", body, headers });
const uploads = ({ root }: Site): string[] => readdirSync(join(root, "files", UPLOADS));

/** A body whose every part says who wrote it: a mixture shows. */
const signed = (writer: number, size: number): Buffer => Buffer.alloc(size, `<${writer}>`);
const isWhole = (body: Buffer): boolean => {
  const writer = /^<(\d+)>/.exec(body.toString("latin1", 0, 8))?.[1];
  return writer !== undefined && body.equals(signed(Number(writer), body.length));
};

describe("PUT", () => {
  before(buildWorker);

  it("makes a file or replaces it, and says which; its entity tag is the one that GET has", () =>
    serving(OPTIONS, async (site) => {
      const made = await site.ask("/files/new.txt", put("new"));
      const replaced = await site.ask("/files/old.txt", put("newer"));
      assert.deepEqual([made.status, replaced.status], [201, 204]);
      const get = await site.ask("/files/old.txt");
      assert.deepEqual([get.text, get.headers.etag], ["newer", replaced.headers.etag]);
      assert.deepEqual(uploads(site), []);
    }));

  it("writes below the writable prefix only, into folders that are there, no folder, and no program", () =>
    serving(
      { ...OPTIONS, files: { ...OPTIONS.files, "files/sub/x": "", "cgi-bin/p.cgi": "" }, writable: "/" },
      async ({ ask, root }) => {
        symlinkSync(join(root, ".."), join(root, "files/up"));
        symlinkSync(join(root, "cgi-bin"), join(root, "files/bin"));
        const status = async (path: string): Promise<number> => (await ask(path, put("x"))).status;
        assert.equal(await status("/files/sub/y"), 201);
        assert.equal(await status("/files/none/y"), 409);
        assert.equal(await status("/files/sub"), 409);
        assert.equal(await status("/files/sub/"), 409);
        assert.equal(await status("/files/up/x"), 409);
        assert.equal(await status("/files/bin/p.cgi"), 403);
        assert.equal(await status("/cgi-bin/p.cgi"), 405);
        assert.equal(await status(`/${UPLOADS}/x`), 409);
        assert.equal(await status("/%2e%2e/x"), 400);
      },
    ));

  it("is refused where nothing is writable, for a part of a file, and for a page of another origin", () =>
    serving(OPTIONS, async ({ ask, url }) => {
      assert.equal((await ask("/other.txt", put("x"))).status, 405);
      assert.equal((await ask("/files/old.txt", put("x", { "Content-Range": "bytes 1-1/3" }))).status, 400);
      assert.equal((await ask("/files/old.txt", put("x", { Origin: "http://evil.example" }))).status, 403);
      assert.equal((await ask("/files/old.txt", put("x", { Origin: url }))).status, 204);
    }));

  it("keeps a condition on what it replaces", () =>
    serving(OPTIONS, async ({ ask }) => {
      const tag = (await ask("/files/old.txt")).headers.etag!;
      const status = async (path: string, headers: Record<string, string>): Promise<number> =>
        (await ask(path, put("x", headers))).status;
      assert.equal(await status("/files/old.txt", { "If-None-Match": "*" }), 412);
      assert.equal(await status("/files/none.txt", { "If-Match": "*" }), 412);
      assert.equal(await status("/files/old.txt", { "If-Match": tag }), 204);
      assert.equal(await status("/files/old.txt", { "If-Match": tag }), 412, "the tag is of the old version");
      assert.equal(await status("/files/new.txt", { "If-None-Match": "*" }), 201);
    }));

  for (const pool of [undefined, { low: 2, high: 2 }])
    it(`with If-Match lets one of many win, ${pool ? "in a pool" : "in one process"}`, () =>
      serving({ ...OPTIONS, pool }, async ({ ask }) => {
        const tag = (await ask("/files/old.txt")).headers.etag!;
        const answers = await Promise.all(
          Array.from({ length: 8 }, (_, writer) => ask("/files/old.txt", put(`by ${writer}`, { "If-Match": tag }))),
        );
        const winners = answers.flatMap(({ status }, writer) => (status === 204 ? [writer] : []));
        assert.equal(winners.length, 1);
        assert.ok(answers.every(({ status }) => status === 204 || status === 412));
        assert.equal((await ask("/files/old.txt")).text, `by ${winners[0]}`);
      }));

  it("that is broken off leaves the old file and nothing else", () =>
    serving(OPTIONS, async (site) => {
      const client = await rawClient(site.port);
      client.socket.write("PUT /files/old.txt HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\nhalf");
      await until(() => uploads(site).length === 1);
      client.socket.destroy();
      await until(() => uploads(site).length === 0);
      assert.equal((await site.ask("/files/old.txt")).text, "old");
      assert.equal((await site.records(1))[0]!.state, "aborted");
    }));

  it("that grows over the limit is refused and leaves nothing", () =>
    serving({ ...OPTIONS, limits: { bodyBytes: 1_000 } }, async (site) => {
      const client = await rawClient(site.port);
      client.socket.write("PUT /files/old.txt HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n");
      client.socket.write(`800\r\n${"x".repeat(0x800)}\r\n`);
      await until(() => client.text().startsWith("HTTP/1.1 413 "));
      await client.closed;
      assert.deepEqual([uploads(site).length, (await site.ask("/files/old.txt")).text], [0, "old"]);
    }));

  it("shows its disk time and its wait for the lock as spans", () =>
    serving(OPTIONS, async ({ ask, records }) => {
      await Promise.all([1, 2, 3, 4].map((writer) => ask("/files/old.txt", put(signed(writer, 100_000)))));
      for (const { children } of await records(4))
        assert.deepEqual(
          children!.filter(({ kind }) => kind === "disk").map(({ name }) => name),
          ["write", "fsync", "rename"],
        );
    }));

  withCurl("does what users of curl expect", () =>
    serving(OPTIONS, async ({ url, root }) => {
      const big = join(root, "big");
      const part = join(root, "part");
      const body = signed(7, 3_000_000);
      writeFileSync(big, body);
      writeFileSync(part, body.subarray(0, 1_000_000));
      const curl = async (...words: string[]): Promise<string> => {
        const { stdout } = await run("curl", ["--silent", "--write-out", "%{http_code}", ...words]);
        return stdout.slice(-3);
      };
      assert.equal(await curl("-T", big, `${url}/files/big`), "201");
      assert.equal(await curl("-C", "-", "-o", part, `${url}/files/big`), "206");
      assert.ok(readFileSync(part).equals(body), "the download went on where it was broken off");
      assert.equal(await curl("-T", big, "-H", "If-None-Match: *", `${url}/files/big`), "412");
      assert.equal(await curl("-T", big, "-H", "Transfer-Encoding: chunked", `${url}/files/chunked`), "201");
      assert.ok(readFileSync(join(root, "files/chunked")).equals(body));
    }),
  );
});

describe("readers and writers", () => {
  before(buildWorker);
  const OPERATIONS = process.env.SOAK ? 10_000 : 1_000;

  for (const pool of [undefined, { low: 2, high: 2, perWorker: 8 }])
    for (const sameFile of [true, false])
      it(`8 and 8 on ${sameFile ? "one file" : "different files"}, ${pool ? "in a pool" : "in one process"}: every body read was written whole`, function () {
        this.timeout(OPERATIONS * 60);
        return serving({ ...OPTIONS, pool }, async (site) => {
          const size = (writer: number): number => 3_000 + writer * 4_001;
          for (let writer = 0; writer < 8; writer++)
            await site.ask(`/files/${writer}`, put(signed(writer, size(writer))));
          let left = OPERATIONS;
          const path = (worker: number): string => `/files/${sameFile ? 0 : worker}`;
          const worker = async (number: number): Promise<void> => {
            while (left-- > 0) {
              if (number < 8) {
                const { status } = await site.ask(path(number), put(signed(number, size(number))));
                assert.equal(status, 204);
              } else {
                const { status, body } = await site.ask(path(number - 8));
                assert.equal(status, 200);
                assert.ok(isWhole(body), `a mixture of ${body.length} bytes`);
              }
            }
          };
          await Promise.all(Array.from({ length: 16 }, (_, number) => worker(number)));
          assert.deepEqual(uploads(site), []);
        });
      });
});
