import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { rm } from "node:fs/promises";
import { createServer, type Server, type ServerResponse } from "node:http";
import { createSecureServer } from "node:http2";
import { createServer as createTlsServer } from "node:https";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { now } from "../../../src/log/clock";
import { DevTools } from "../../../src/probe/browser/devtools";
import { findBrowser } from "../../../src/probe/browser/find";
import { launchBrowser } from "../../../src/probe/browser/launch";
import { mediaType } from "../../../src/server/files/types";
import { until } from "../instrument/support";
import { cleanUp, listen, newFolder, onCleanUp, type Probed, probe } from "./support";

let program = "";
try {
  program = findBrowser();
} catch {
  // Said below.
}

const fixture = (name: string): Buffer => readFileSync(join(__dirname, "../../fixtures/tls", name));
const CREDENTIALS = { cert: fixture("certificate.pem"), key: fixture("key.pem") };

interface Arrived {
  conn: string;
  ord: number;
  method: string;
  url: string;
  headers: string[];
}

/** A server that knows each request's connection and ordinal by itself. */
async function site(
  pages: Record<string, [type: string, body: string | Buffer]>,
): Promise<{ url: string; arrived: Arrived[] }> {
  const arrived: Arrived[] = [];
  const ordinals = new WeakMap<object, number>();
  let held: ServerResponse | undefined;
  const server: Server = createServer(({ socket, method, url, rawHeaders }, response) => {
    ordinals.set(socket, (ordinals.get(socket) ?? 0) + 1);
    const conn = `${socket.remoteAddress}:${socket.remotePort}>${socket.localAddress}:${socket.localPort}`;
    const headers = rawHeaders.filter((_, i) => i % 2 === 0);
    arrived.push({ conn, ord: ordinals.get(socket)!, method: method!, url: url!, headers });
    // Until then the page is not quiet.
    if (url === "/passed.png") held?.end();
    if (url === "/held") held = response;
    else if (url === "/moved") response.writeHead(302, { location: "/page" }).end();
    else if (url === "/cut") {
      response.writeHead(200, { "content-length": 100, "content-type": "image/png" }).write("x");
      setTimeout(() => socket.destroy(), 20);
    } else if (url === "/gone") socket.destroy();
    else if (url === "/echo")
      response
        .writeHead(200, { "server-timing": `x;dur=1, traceparent;desc="00-${"a".repeat(32)}-${"b".repeat(16)}-01"` })
        .end();
    else {
      const [type, body] = pages[url!] ?? ["image/png", "png"];
      response.writeHead(pages[url!] || url!.endsWith(".png") ? 200 : 404, {
        "content-type": type,
        "cache-control": url === "/cached.png" ? "max-age=60" : "no-store",
      });
      response.end(body);
    }
  });
  return { url: await listen(server), arrived };
}

/** The campus site's files, as pages. */
function campus(): Record<string, [string, Buffer]> {
  const root = join(__dirname, "../../../examples/campus/htdocs");
  const files = readdirSync(root, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return Object.fromEntries(
    files.map((entry) => {
      const file = join(entry.parentPath, entry.name);
      const type = mediaType(file);
      return [`/${relative(root, file)}`.replace(/index\.html$/, ""), [type, readFileSync(file)]];
    }),
  );
}

/** Opens the page in a browser that nobody watches, until `done`. */
async function openUnwatched(url: string, done: () => boolean): Promise<void> {
  const profile = mkdtempSync(join(tmpdir(), "unwatched-"));
  const asRoot = process.getuid?.() === 0 ? ["--no-sandbox"] : [];
  const words = [...asRoot, "--headless=new", "--no-first-run", `--user-data-dir=${profile}`, url];
  const child = spawn(program, words, { stdio: "ignore" });
  const ended = once(child, "close");
  try {
    await until(done, 30_000);
  } finally {
    child.kill();
    await ended;
    // Its helper processes end a moment later.
    await rm(profile, { recursive: true, force: true, maxRetries: 20, retryDelay: 50 });
  }
}

const browse = (url: string | string[], options: Parameters<typeof probe>[1] = {}): Promise<Probed> =>
  probe(url, { browser: { program, headed: false, insecure: false }, ...options });

describe("the browser probe", function () {
  if (!program) {
    it("is not tried here: no Chrome, Edge or Chromium is installed");
    return;
  }
  this.timeout(60_000);
  afterEach(cleanUp);

  const PAGE = `<link rel=stylesheet href=a.css><img src=1.png><img src=2.png><iframe src=/frame></iframe>
    <script>fetch("/data.json?x=1").then((answer) => answer.text()).then(() => { document.body.append(Object.assign(new Image(), { src: "3.png" })) })</script>`;
  const pages: Record<string, [string, string]> = {
    "/page": ["text/html", PAGE],
    "/a.css": ["text/css", "body{background:url(4.png)}"],
    "/frame": ["text/html", "<img src=5.png>"],
    "/data.json?x=1": ["application/json", "{}"],
  };

  it("records every request that the server sees, by its connection, without adding anything to any", async () => {
    const { url, arrived } = await site(pages);
    const { requests, result, records } = await browse([`${url}/page`], { count: 2 });
    assert.equal(result.unanswered, 0);
    assert.deepEqual(
      requests.map((request) => `${request.conn} ${request.ord} ${request.url.slice(url.length)}`).toSorted(),
      arrived.map((request) => `${request.conn} ${request.ord} ${request.url}`).toSorted(),
    );
    assert(arrived.length >= 2 * 9, String(arrived.length));
    assert(arrived.every(({ headers }) => !headers.some((name) => /^(?:traceparent|x-)/i.test(name))));
    for (const request of requests) {
      const { fetchStart, requestStart, responseStart, responseEnd } = request;
      assert(fetchStart! <= requestStart! && requestStart! < responseStart! && responseStart! <= responseEnd!);
      assert.equal(request.id, undefined);
      assert(Math.abs(requestStart! - Date.now() * 1000) < 600e6, "on this machine's clock");
    }
    const first = requests.filter(({ pass }) => pass === 1);
    const kinds = Object.fromEntries(first.map(({ url: at, kind }) => [at.slice(url.length), kind]));
    assert.deepEqual(
      [kinds["/page"], kinds["/a.css"], kinds["/1.png"], kinds["/frame"], kinds["/data.json?x=1"]],
      ["document", "style", "image", "document", "other"],
    );
    const fetched = first.find((request) => request.url.includes("data.json"))!;
    assert.match(fetched.initiator!, /^script http.*\/page:2$/);
    assert.deepEqual([...new Set(first.slice(1).map(({ page }) => page))], [first[0]!.req]);
    const names = records.flatMap((record) => (record.type === "event" ? [record.name] : []));
    for (const name of ["DOM content loaded", "load", "first paint", "first contentful paint"])
      assert.equal(names.filter((item) => item === name).length, 2, name);
  });

  it("makes exactly the requests of a browser that nobody watches, header by header", async () => {
    const { url, arrived } = await site(campus());
    const seen = () =>
      arrived.splice(0).map(({ method, url: target, headers }) => `${method} ${target} ${headers.toSorted().join()}`);
    await browse(`${url}/`);
    const watched = seen();
    await openUnwatched(`${url}/`, () => arrived.length >= watched.length);
    assert.deepEqual(watched.toSorted(), seen().toSorted());
    assert(watched.length > 10, String(watched.length));
  });

  it("opens a window for the page in which the browser shows no page of its own", async () => {
    const { devtools, close } = await launchBrowser({ program, headed: false, insecure: false });
    try {
      const { browserContextId } = await devtools.send("Target.createBrowserContext");
      await devtools.send("Target.createTarget", { url: "about:blank", browserContextId });
      const { targetInfos } = await devtools.send("Target.getTargets", { filter: [{}] });
      const urls = (targetInfos as { url: string }[]).map(({ url }) => url);
      assert.deepEqual([...new Set(urls)], ["about:blank"]);
    } finally {
      await close();
    }
  });

  it("gives no thread of the browser a priority that no user's browser has", async function () {
    if (process.platform !== "linux") return this.skip();
    const raised: string[] = [];
    const { devtools, close } = await launchBrowser({ program, headed: false, insecure: false });
    try {
      const { processInfo } = await devtools.send("SystemInfo.getProcessInfo");
      const processes = (processInfo as { id: number }[]).map(({ id }) => id);
      const stats = processes.flatMap((id) =>
        readdirSync(`/proc/${id}/task`).map((thread) => {
          try {
            return readFileSync(`/proc/${id}/task/${thread}/stat`, "latin1");
          } catch {
            return "(ended meanwhile)";
          }
        }),
      );
      for (const stat of stats) {
        const end = stat.lastIndexOf(")");
        // Behind the name, which may have blanks: state, 15 others, nice (proc(5)).
        if (Number(stat.slice(end + 2).split(" ")[16]) < 0) raised.push(stat.slice(stat.indexOf("(") + 1, end));
      }
      assert.ok(processes.length > 1);
    } finally {
      await close();
    }
    assert.deepEqual(raised, []);
  });

  it("tells what the cache has answered, and what the server only confirmed", async () => {
    const { url, arrived } = await site({
      "/page": ["text/html", "<img src=cached.png><iframe src=/frame></iframe>"],
      "/frame": ["text/html", "<script>onload = () => fetch('/cached.png', { cache: 'force-cache' })</script>"],
    });
    const { requests } = await browse(`${url}/page`);
    const cached = requests.filter((request) => request.url.endsWith("/cached.png"));
    assert.equal(arrived.filter((request) => request.url === "/cached.png").length, 1);
    assert.deepEqual(cached.map(({ cache, conn }) => [cache !== undefined, conn !== undefined]).toSorted(), [
      [false, true],
      [true, false],
    ]);
    assert(cached.every(({ cache, requestStart }) => (cache === undefined) === (requestStart !== undefined)));
  });

  it("tells what a service worker has answered, and what the worker itself has asked for", async () => {
    const { url, arrived } = await site({
      "/page": [
        "text/html",
        `<script>
          navigator.serviceWorker.register("/worker.js");
          fetch("/held").then((answer) => answer.text());
          navigator.serviceWorker.oncontrollerchange = async () => {
            await (await fetch("/own")).text();
            await (await fetch("/passed.png")).text();
          };
        </script>`,
      ],
      "/worker.js": [
        "text/javascript",
        `onactivate = (event) => event.waitUntil(clients.claim());
         onfetch = (event) =>
           event.respondWith(event.request.url.endsWith("/own") ? new Response("own") : fetch(event.request));`,
      ],
    });
    const { requests } = await browse(`${url}/page`);
    const of = (path: string) => requests.filter((request) => request.url === url + path);
    assert.deepEqual(
      of("/own").map(({ cache, conn }) => [cache, conn]),
      [["service-worker", undefined]],
    );
    assert.deepEqual(
      of("/passed.png")
        .map(({ cache }) => cache ?? "server")
        .toSorted(),
      ["server", "service-worker"],
    );
    assert.deepEqual(
      requests.flatMap((one) => (one.conn ? [`${one.conn} ${one.ord} ${one.url.slice(url.length)}`] : [])).toSorted(),
      arrived.flatMap((one) => (one.url === "/worker.js" ? [] : [`${one.conn} ${one.ord} ${one.url}`])).toSorted(),
      "the protocol does not tell of the worker's own script, which still counts on its connection",
    );
  });

  it("shows redirects as hops, and failures with their last mark and a sentence", async () => {
    const { url } = await site({
      ...pages,
      "/faults": ["text/html", "<img src=/cut><img src=http://127.0.0.1:1/x.png>"],
    });
    const { requests } = await browse(`${url}/moved`);
    assert.deepEqual(
      requests.slice(0, 2).map(({ status, hop, page }) => [status, hop, page]),
      [
        [302, undefined, undefined],
        [200, 1, undefined],
      ],
    );
    assert(requests.slice(2).every(({ page }) => page === 2));
    const faults = (await browse(`${url}/faults`)).requests.filter(({ state }) => state === "failed");
    const [cut, refused] = ["/cut", "/x.png"].map((end) => faults.find((request) => request.url.endsWith(end))!);
    assert.match(cut!.error!, /closed before the end/);
    assert(cut!.responseStart && !cut!.responseEnd && cut!.closed);
    assert.match(refused!.error!, /refused|asks nobody at this port/);
    assert(!refused!.requestStart);
    const half = await browse(`${url}/cut`, { timeout: 45 });
    assert.deepEqual([half.result.unanswered, half.requests.length], [1, 1]);
    assert.match(half.requests[0]!.error!, /closed before the end/);
    const silent = await browse(await listen(createServer(() => {})), { timeout: 1 });
    assert.deepEqual(
      silent.requests.map(({ state, error, requestStart }) => [state, error, requestStart !== undefined]),
      [["aborted", "there was no complete answer within 1 s", false]],
    );
    const gone = await browse("http://127.0.0.1:1/");
    assert.equal(gone.result.unanswered, 1);
  });

  it("tells when the last byte came, not when a busy page heard of it", async () => {
    const BUSY_MS = 1_500;
    let lastSent = 0;
    const server = createServer(({ url }, response) => {
      response.setHeader("content-type", url === "/" ? "text/html" : "text/plain");
      if (url === "/slow") {
        response.write("x".repeat(10_000));
        setTimeout(() => {
          lastSent = now();
          response.end("x".repeat(10_000));
        }, 300);
      } else if (url !== "/") response.end();
      else
        response.end(`<script>
          fetch("/slow").then(() => { for (const end = performance.now() + ${BUSY_MS}; performance.now() < end; ); });
        </script>`);
    });
    const { requests } = await browse(await listen(server));
    const { requestStart, responseStart, responseHeadersEnd, responseEnd, bytes } = requests.find((request) =>
      request.url.endsWith("/slow"),
    )!;
    assert(requestStart! < responseStart! && responseStart! <= responseHeadersEnd! && responseStart! < lastSent);
    assert(responseEnd! >= lastSent && responseEnd! < lastSent + (BUSY_MS * 1000) / 2, `${responseEnd! - lastSent} us`);
    assert(bytes! >= 20_000);
  });

  for (const version of ["1.1", "2"])
    it(`tells connections and ends under TLS, of HTTP/${version}`, async () => {
      const arrived: string[] = [];
      let lastSent = 0;
      const listener = (request: { url?: string }, answer: object): void => {
        const { url } = request;
        const response = answer as ServerResponse;
        const { remoteAddress, remotePort, localAddress, localPort } = response.socket!;
        arrived.push(`${remoteAddress}:${remotePort}>${localAddress}:${localPort} ${url}`);
        response.setHeader("content-type", url === "/" ? "text/html" : "text/plain");
        if (url !== "/slow") response.end("<img src=1.png><script>fetch('/slow').then((slow) => slow.text())</script>");
        else {
          response.write("x".repeat(20_000));
          setTimeout(() => {
            lastSent = now();
            response.end("end");
          }, 300);
        }
      };
      const server =
        version === "2" ? createSecureServer(CREDENTIALS, listener) : createTlsServer(CREDENTIALS, listener);
      const url = await listen(server as Server, "https");
      const { requests } = await browse(`${url}/`, { browser: { program, headed: false, insecure: true } });
      const seen = requests.map((request) => `${request.conn} ${request.url.slice(url.length)}`);
      assert.deepEqual(seen.toSorted(), arrived.toSorted());
      const { responseStart, responseEnd, protocol, ord } = requests.find((one) => one.url.endsWith("/slow"))!;
      assert(responseStart! < lastSent && responseEnd! >= lastSent);
      assert.deepEqual([protocol, ord === undefined], version === "2" ? ["h2", true] : [undefined, false]);
    });

  it("takes an id that the server sends back", async () => {
    const { url } = await site({});
    const { requests } = await browse(`${url}/echo`);
    assert.equal(requests[0]!.id, `${"a".repeat(32)}-${"b".repeat(16)}`);
  });

  it("leaves no profile behind, also when it is told to stop", async () => {
    // A folder of its own: others have browsers, too.
    const { TMPDIR } = process.env;
    const folder = newFolder();
    process.env.TMPDIR = folder;
    onCleanUp(() => {
      if (TMPDIR === undefined) delete process.env.TMPDIR;
      else process.env.TMPDIR = TMPDIR;
    });
    let profiles = 0;
    const controller = new AbortController();
    const server = createServer(() => {
      profiles = readdirSync(folder).length;
      controller.abort();
    });
    const url = await listen(server);
    onCleanUp(() => server.closeAllConnections());
    const { requests } = await probe(
      [url, url],
      { browser: { program, headed: false, insecure: false } },
      controller.signal,
    );
    assert.deepEqual(
      requests.map(({ state }) => state),
      ["aborted"],
    );
    assert(profiles > 0);
    // The probe's own log is in a folder beside the profiles.
    assert.deepEqual(
      readdirSync(folder).filter((name) => name.startsWith("request-timeline-browser-")),
      [],
    );
  });

  it("loads a page in a window as well", async function () {
    if (!process.env.DISPLAY && process.platform === "linux") {
      process.stderr.write("    SKIPPED: there is no display for a browser's window (DISPLAY)\n");
      this.skip();
    }
    const { url, arrived } = await site(pages);
    const { requests } = await browse(`${url}/page`, { browser: { program, headed: true, insecure: false } });
    assert.deepEqual(
      requests.map(({ conn, ord }) => `${conn} ${ord}`).toSorted(),
      arrived.map(({ conn, ord }) => `${conn} ${ord}`).toSorted(),
    );
  });

  it("tells all other marks, and that the ends are coarse, where the browser does not trace", async () => {
    const { send } = DevTools.prototype;
    DevTools.prototype.send = function (method, ...rest) {
      return method === "Tracing.start" ? Promise.reject(new Error("no tracing")) : send.call(this, method, ...rest);
    };
    onCleanUp(() => {
      DevTools.prototype.send = send;
    });
    const { url, arrived } = await site(pages);
    const { requests, result, records } = await browse(`${url}/page`);
    assert.equal(result.unanswered, 0);
    assert.deepEqual(
      requests.map((request) => request.url.slice(url.length)).toSorted(),
      arrived.map((request) => request.url).toSorted(),
    );
    for (const { conn, requestStart, responseStart, responseHeadersEnd, responseEnd } of requests) {
      assert.equal(conn, undefined);
      assert(requestStart! < responseStart! && responseHeadersEnd! <= responseEnd!);
    }
    const event = records.find(
      (record) => record.type === "event" && record.name.includes("connections are not known"),
    );
    assert(event?.type === "event");
    assert.match(String(event.detail), /no tracing.*when the page heard of it/);
  });

  it("asks nobody but the page's servers for anything, as the proxy of the environment sees it", async () => {
    const asked: string[] = [];
    const proxy = createServer(({ method, url }, response) => {
      asked.push(`${method} ${url}`);
      response.end("<img src=/1.png>");
    });
    proxy.on("connect", ({ url }, socket) => {
      asked.push(`CONNECT ${url}`);
      socket.end("HTTP/1.1 502 No\r\n\r\n");
    });
    const before = ["http_proxy", "https_proxy"].map((name) => [name, process.env[name]] as const);
    process.env.http_proxy = process.env.https_proxy = await listen(proxy);
    try {
      const { result } = await browse(["http://site.invalid/", "http://site.invalid/2"]);
      assert.equal(result.unanswered, 0);
      const tunnel = await browse("https://site.invalid/");
      assert.equal(tunnel.requests[0]!.error, "the environment's proxy does not open the way to the server");
    } finally {
      for (const [name, value] of before)
        if (value === undefined) delete process.env[name];
        else process.env[name] = value;
    }
    assert(asked.includes("GET http://site.invalid/2"));
    assert.deepEqual(
      asked.filter((line) => !/^\w+ (?:http:\/\/)?site\.invalid[:/]/.test(line)),
      [],
    );
  });

  it("says that connections are not known where the trace has none of them", async () => {
    const { send } = DevTools.prototype;
    DevTools.prototype.send = async function (method, ...rest) {
      const answer = await send.call(this, method, ...rest);
      // What it traces then is a process that does not exist.
      return method === "SystemInfo.getProcessInfo"
        ? { processInfo: [{ type: "browser", id: 2 ** 31 - 1, cpuTime: 0 }] }
        : answer;
    };
    onCleanUp(() => {
      DevTools.prototype.send = send;
    });
    const { url } = await site(pages);
    const { requests, records } = await browse(`${url}/page`);
    assert(requests.length > 1 && requests.every(({ conn, responseEnd }) => conn === undefined && responseEnd));
    const events = records.flatMap((record) => (record.type === "event" ? [`${record.name}: ${record.detail}`] : []));
    assert(
      events.some((event) => /connections are not known: .*trace has none/.test(event)),
      events.join(),
    );
  });

  it("says so where the browser cannot be run", async () => {
    assert.throws(() => findBrowser("/no/such/browser"), /is no browser/);
    await assert.rejects(
      probe("http://127.0.0.1:1/", { browser: { program: "/bin/true", headed: false, insecure: false } }),
      /ended with status/,
    );
    const silent = join(newFolder(), "silent");
    writeFileSync(silent, "#!/bin/sh\nsleep 30\n", { mode: 0o755 });
    await assert.rejects(
      launchBrowser({ program: silent, headed: false, insecure: false }, 200),
      /silent does not answer as a browser does/,
    );
    const { DISPLAY, WAYLAND_DISPLAY } = process.env;
    onCleanUp(() =>
      Object.assign(process.env, { ...(DISPLAY && { DISPLAY }), ...(WAYLAND_DISPLAY && { WAYLAND_DISPLAY }) }),
    );
    delete process.env.DISPLAY;
    delete process.env.WAYLAND_DISPLAY;
    if (process.platform === "linux")
      await assert.rejects(launchBrowser({ program, headed: true, insecure: false }), /needs a display/);
  });
});
