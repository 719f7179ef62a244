import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { connect } from "node:net";
import { join } from "node:path";
import { until } from "../instrument/support";
import { type Asked, serving } from "./support";

const shell = (text: string): string => `#!/bin/sh\n${text}\n`;
const OK = "printf 'Content-Type: text/plain\\r\\n\\r\\n'";

describe("a CGI program", () => {
  it("gets an environment from an allow-list, and nothing of the server's own", () =>
    serving({ files: { "cgi-bin/env.cgi": shell(`${OK}\nenv`) } }, async ({ ask, root }) => {
      process.env.A_SECRET = "of the server";
      const headers = {
        Proxy: "http://evil.example",
        Authorization: "Basic c2VjcmV0",
        "X-Forwarded-For": "1.2.3.4",
        Cookie: "a=b",
        "User-Agent": "test",
        LD_PRELOAD: "/tmp/evil.so",
      };
      const { text } = await ask("/cgi-bin/env.cgi/more/path%20info?a=1&b=2", { headers });
      delete process.env.A_SECRET;
      const environment = Object.fromEntries(text.split("\n").map((line) => line.split(/=(.*)/s)));
      const names = Object.keys(environment).filter((name) => /^(HTTP_|LD_|A_)/.test(name));
      assert.deepEqual(names.sort(), ["HTTP_COOKIE", "HTTP_HOST", "HTTP_USER_AGENT"]);
      assert.equal(environment.QUERY_STRING, "a=1&b=2");
      assert.equal(environment.PATH_INFO, "/more/path info");
      assert.equal(environment.SCRIPT_NAME, "/cgi-bin/env.cgi");
      assert.equal(environment.SCRIPT_FILENAME, join(root, "cgi-bin/env.cgi"));
      assert.equal(environment.REQUEST_METHOD, "GET");
      assert.equal(environment.SERVER_PROTOCOL, "HTTP/1.1");
      assert.equal(environment.GATEWAY_INTERFACE, "CGI/1.1");
    }));

  it("gets the words of a query without =, none that a program could take for an option, and never a shell's", () =>
    serving({ files: { "cgi-bin/args.cgi": shell(`${OK}\nfor a; do echo "[$a]"; done`) } }, async ({ ask }) => {
      const args = async (query: string): Promise<string> => (await ask(`/cgi-bin/args.cgi?${query}`)).text;
      assert.equal(await args("3+1993"), "[3]\n[1993]\n");
      assert.equal(await args("a%20b+$(id)+;id+*"), "[a b]\n[$(id)]\n[;id]\n[*]\n");
      assert.equal(await args("a=b+c"), "");
      assert.equal(await args("-s+x"), "");
      assert.equal(await args("%2Ds"), "");
      assert.equal(await args("%zz"), "");
    }));

  it("gets the body as its input, with its length, however it was sent", () =>
    serving(
      { files: { "cgi-bin/cat.cgi": shell(`${OK}\necho $CONTENT_LENGTH $CONTENT_TYPE\ncat`) } },
      async ({ ask }) => {
        const body = "x".repeat(100_000);
        const headers = { "Content-Type": "text/x" };
        const post: Asked = { method: "POST", body, headers };
        assert.equal((await ask("/cgi-bin/cat.cgi", post)).text, `100000 text/x\n${body}`);
        const chunked = { ...post, headers: { ...headers, "Transfer-Encoding": "chunked" } };
        assert.equal((await ask("/cgi-bin/cat.cgi", chunked)).text, `100000 text/x\n${body}`);
        assert.equal((await ask("/cgi-bin/cat.cgi")).text, "\n");
      },
    ));

  it("says status, type and headers, and what the server answers for is the server's", () =>
    serving(
      {
        files: {
          "cgi-bin/status.cgi": shell(
            "printf 'Status: 402 Pay\\nX-One: 1\\nSet-Cookie: a=1\\nSet-Cookie: b=2\\nConnection: upgrade\\nContent-Length: 99999\\n\\nbody'",
          ),
          "cgi-bin/redirect.cgi": shell("printf 'Location: /elsewhere\\n\\n'"),
          "cgi-bin/small.cgi": shell("printf 'location: /elsewhere\\nconstructor: a\\n__proto__: b\\n\\n'"),
        },
      },
      async ({ ask }) => {
        const { status, headers, text } = await ask("/cgi-bin/status.cgi");
        assert.deepEqual([status, headers["x-one"], headers["set-cookie"], text], [402, "1", ["a=1", "b=2"], "body"]);
        const redirect = await ask("/cgi-bin/redirect.cgi");
        assert.deepEqual([redirect.status, redirect.headers.location], [302, "/elsewhere"]);
        const small = await ask("/cgi-bin/small.cgi");
        assert.deepEqual([small.status, small.headers.location], [302, "/elsewhere"]);
        assert.equal(small.headers.constructor, "a");
      },
    ));

  for (const [name, text] of [
    ["nothing", "exit 0"],
    ["no head", "echo hello"],
    ["an unfinished head", "printf 'Content-Type: text/plain\\n'"],
    ["a head with a control character", "printf 'X: a\\rInjected: b\\n\\n'"],
    ["a name that is none", "printf 'a b: c\\n\\n'"],
    ["a status that is none", "printf 'Status: 99\\n\\n'"],
    ["an endless head", "yes 'X: y'"],
  ] as const)
    it(`that answers with ${name} is a 502`, () =>
      serving({ files: { "cgi-bin/bad.cgi": shell(text) } }, async ({ ask, records, handler, root }) => {
        const { status } = await ask("/cgi-bin/bad.cgi");
        assert.equal(status, 502);
        const [record] = await records(1);
        assert.equal(handler(record!), join(root, "cgi-bin/bad.cgi"), "the program is still what answered");
      }));

  it("that is not executable, or not there, is not run", () =>
    serving({ files: { "cgi-bin/data.txt": "text", "cgi-bin/ok.cgi": shell(OK) } }, async ({ ask }) => {
      assert.equal((await ask("/cgi-bin/data.txt")).status, 403);
      assert.equal((await ask("/cgi-bin/none.cgi")).status, 404);
      assert.equal((await ask("/cgi-bin/")).status, 403);
      assert.equal((await ask("/cgi-bin/ok.cgi", { method: "PUT", body: "x" })).status, 405);
    }));

  it("is not run for a page of another origin", () =>
    serving({ files: { "cgi-bin/ok.cgi": shell(`${OK}; echo ok`) } }, async ({ ask, url }) => {
      const asked = async (origin: string): Promise<number> =>
        (await ask("/cgi-bin/ok.cgi", { method: "POST", body: "", headers: { Origin: origin } })).status;
      assert.deepEqual([await asked(url), await asked("http://evil.example"), await asked("null")], [200, 403, 403]);
    }));

  const runs = (pid: string): boolean =>
    existsSync(`/proc/${pid}`) && !/\) Z/.test(readFileSync(`/proc/${pid}/stat`, "utf8"));
  const HANGS = shell('sleep 60 & echo "$$ $!" > "$0.pids"; wait');

  it("that takes too long is a 504, and is killed with all that it started", () =>
    serving({ files: { "cgi-bin/slow.cgi": HANGS }, limits: { cgiTimeout: 2_000 } }, async ({ ask, root }) => {
      assert.equal((await ask("/cgi-bin/slow.cgi")).status, 504);
      const pids = readFileSync(join(root, "cgi-bin/slow.cgi.pids"), "utf8").trim().split(" ");
      await until(() => !pids.some(runs));
    }));

  it("is killed when its reader goes away", () =>
    serving({ files: { "cgi-bin/slow.cgi": HANGS } }, async ({ port, root, records }) => {
      const socket = connect(port, "127.0.0.1");
      socket.write("GET /cgi-bin/slow.cgi HTTP/1.1\r\nHost: localhost\r\n\r\n");
      const file = join(root, "cgi-bin/slow.cgi.pids");
      await until(() => existsSync(file) && readFileSync(file, "utf8").includes("\n"));
      socket.destroy();
      const pids = readFileSync(file, "utf8").trim().split(" ");
      await until(() => !pids.some(runs));
      assert.equal((await records(1))[0]!.state, "aborted");
    }));

  it("runs with no more others than allowed: the rest waits, and the wait is in the log", () =>
    serving(
      {
        files: {
          "cgi-bin/count.cgi": shell(
            `mkdir "$0.lock" || { printf 'Status: 500\\n\\n'; exit; }\nsleep 0.3; rmdir "$0.lock"; ${OK}`,
          ),
        },
        limits: { cgiChildren: 1 },
      },
      async ({ ask, records }) => {
        const answers = await Promise.all([1, 2, 3].map(() => ask("/cgi-bin/count.cgi")));
        assert.deepEqual(
          answers.map(({ status }) => status),
          [200, 200, 200],
        );
        const waits = (await records(3)).flatMap(({ children }) => children!.filter(({ kind }) => kind === "lock"));
        assert.equal(waits.filter(({ duration }) => duration > 80_000).length, 2);
      },
    ));
});

describe("a program that is kept running", () => {
  const node = (text: string): string => `#!/usr/bin/env node\n${text}`;
  const KEPT = node(`
    let bytes = "", count = 0;
    process.stdin.on("data", (chunk) => {
      bytes += chunk;
      const colon = bytes.indexOf(":");
      if (colon < 0) return;
      const words = bytes.slice(colon + 1).split("\\0");
      const query = words[words.indexOf("QUERY_STRING") + 1];
      const length = Number(words[words.indexOf("CONTENT_LENGTH") + 1]);
      const end = colon + 2 + Number(bytes.slice(0, colon)) + length;
      if (bytes.length < end) return;
      const body = bytes.slice(end - length, end);
      bytes = bytes.slice(end);
      if (query === "die") process.exit(1);
      if (query === "hang") return;
      if (query === "rubbish") return process.stdout.write("rubbish rubbish");
      const text = "Content-Type: text/plain\\n\\n" + process.pid + " " + ++count + " " + body;
      process.stdout.write(text.length + ":" + text + ",");
    });`);
  const files = { "cgi-bin/kept.cgi": shell(`${OK}; echo process`), "cgi-bin/kept.persistent": KEPT };

  it("answers one request after another, with its input, in one process", () =>
    serving({ files, cgiMode: "persistent" }, async ({ ask }) => {
      const [pid] = (await ask("/cgi-bin/kept.cgi")).text.split(" ");
      assert.equal((await ask("/cgi-bin/kept.cgi")).text, `${pid} 2 `);
      const posted = await ask("/cgi-bin/kept.cgi", { method: "POST", body: "input".repeat(5_000) });
      assert.equal(posted.text, `${pid} 3 ${"input".repeat(5_000)}`);
    }));

  it("that ends, hangs or talks rubbish is an error once, and the next request has a new one", () =>
    serving({ files, cgiMode: "persistent", limits: { cgiTimeout: 3_000 } }, async ({ ask }) => {
      for (const [query, status] of [
        ["die", 502],
        ["hang", 504],
        ["rubbish", 502],
      ] as const) {
        assert.equal((await ask(`/cgi-bin/kept.cgi?${query}`)).status, status, query);
        assert.match((await ask("/cgi-bin/kept.cgi?fine")).text, /^\d+ 1 $/);
      }
    }));

  it("is a process a request where it is none", () =>
    serving(
      { files: { "cgi-bin/plain.cgi": shell(`${OK}; echo process`) }, cgiMode: "persistent" },
      async ({ ask }) => {
        assert.equal((await ask("/cgi-bin/plain.cgi")).text, "process\n");
      },
    ));
});
