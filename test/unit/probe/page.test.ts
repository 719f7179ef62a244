import assert from "node:assert/strict";
import { gzipSync } from "node:zlib";
import { styleReferences } from "../../../src/probe/page/css";
import { documentReferences } from "../../../src/probe/page/html";
import { chooseSource } from "../../../src/probe/page/srcset";
import { cleanUp, httpServer, millis, probe } from "./support";

afterEach(cleanUp);

describe("what a document embeds", () => {
  const urls = (html: string) => documentReferences(html).references.map(({ url, kind }) => `${kind} ${url}`);
  const cases: [what: string, html: string, expected: string[]][] = [
    [
      "images, of 1999 too",
      '<body background=b.gif><img src="a.png"><td background=c.gif>',
      ["image b.gif", "image a.png"],
    ],
    ["a table's background", "<table><td background=c.gif></table>", ["image c.gif"]],
    [
      "image buttons, posters, pictures in SVG",
      '<input type=image src=a><video poster=b></video><svg><image href="c"/></svg>',
      ["image a", "image b", "image c"],
    ],
    [
      "style sheets, but none for another day",
      "<link rel=stylesheet href=a><link rel='alternate stylesheet' href=b><link rel=stylesheet media=print href=c>",
      ["style a"],
    ],
    [
      "icons and what is preloaded",
      "<link rel=icon href=a><link rel=preload as=image href=b><link rel=modulepreload href=c><link rel=next href=d>",
      ["image a", "image b", "script c"],
    ],
    [
      "scripts, but no data blocks",
      "<script src=a></script><script type=module src=b></script><script type=text/template src=c></script>",
      ["script a", "script b"],
    ],
    ["frames", "<iframe src=b></iframe>", ["document b"]],
    ["a frame set", "<frameset><frame src=a><frame src=b></frameset>", ["document a", "document b"]],
    [
      "styles written in the document",
      "<style>p{background:url(a.png)} @import 'b.css';</style><p style=\"background:url('c.png')\">",
      ["style b.css", "image a.png", "image c.png"],
    ],
    ["objects and embeds", "<object data=a></object><embed src=b>", ["other a", "other b"]],
    [
      "nothing of what only looks like markup",
      "<!-- <img src=a> --><textarea><img src=b></textarea><template><img src=c></template><noscript><img src=d></noscript>",
      [],
    ],
    [
      "one candidate of a srcset",
      '<img src=a srcset="b 1.5x, c 2x"><img srcset="d 320w, e 1280w, f 2560w">',
      ["image a", "image e"],
    ],
    [
      "one source of a picture",
      '<picture><source type=image/jxl srcset=a><source media="(max-width: 1px)" srcset=b><source srcset=c><img src=d></picture>',
      ["image c"],
    ],
  ];
  for (const [what, html, expected] of cases) it(what, () => assert.deepEqual(urls(html), expected));

  it("is relative to its base, and may hold whole documents", () => {
    const { base, inline } = documentReferences('<base href="/sub/"><base href="/no/"><iframe srcdoc="<img src=a>">');
    assert.deepEqual([base, inline], ["/sub/", ["<img src=a>"]]);
  });

  it("is found however deep the markup nests", () => {
    assert.deepEqual(urls(`${"<div>".repeat(20_000)}<img src=a>`), ["image a"]);
  });
});

describe("what a style sheet names", () => {
  it("by url(), by string, in any spelling", () => {
    const css = `
      @import "a.css"; @import url(b.css) print; @IMPORT 'c.css';
      /* url(no.png) @import "no.css" */
      p { background: URL( "d.png" ), url('e f.png'), url(g\\28 1\\29.png); content: "url(no.png)" }
      @font-face { src: url(h.woff2) format("woff2") }`;
    assert.deepEqual(styleReferences(css), {
      imports: ["a.css", "b.css", "c.css"],
      images: ["d.png", "e f.png", "g(1).png", "h.woff2"],
    });
  });

  it("is nothing where a comment never ends, and takes no time over hostile text", () => {
    assert.deepEqual(styleReferences("/* url(a.png)"), { imports: [], images: [] });
    const began = performance.now();
    for (const text of ["url(", '"', "url('", "\\", "@import ", "/*", '\\"']) styleReferences(text.repeat(50_000));
    for (const text of [" ", "\\aaaaaa", "\\ ", "a"]) styleReferences(`url(${text.repeat(50_000)}"`);
    assert(performance.now() - began < 5_000);
  });

  it("is found beside a font of megabytes that stands in an address", () => {
    const font = `data:font/woff2;base64,${"A".repeat(12 << 20)}`;
    for (const quote of ['"', "'", ""])
      assert.deepEqual(styleReferences(`a{src:url(${quote}${font}${quote})} b{background:url(b.png)}`).images, [
        font,
        "b.png",
      ]);
  });

  it("goes on behind what is broken, in the same line where that can be", () => {
    assert.deepEqual(styleReferences("p{background:url(a b.png)} q{background:url(c.png)}").images, ["c.png"]);
    assert.deepEqual(styleReferences("@import 'a.css\n@import 'b.css'").imports, ["b.css"]);
  });
});

describe("a srcset", () => {
  const cases: [srcset: string, fallback: string | null, chosen: string | null][] = [
    ["a 1x, b 2x", null, "a"],
    ["a 2x, b 3x", null, "a"],
    ["a.png, b.png 2x", "c.png", "a.png"],
    ["a 2x", "b", "b"],
    ["a 0.5x", "b", "b"],
    ["a,b 1x", null, "a,b"],
    ["a 320w, b 640w", null, "b"],
    ["", "b", "b"],
    ["", null, null],
    ["a 1q", "b", "b"],
  ];
  for (const [srcset, fallback, chosen] of cases)
    it(`${JSON.stringify(srcset)} with ${fallback} is ${chosen}`, () =>
      assert.equal(chooseSource(srcset, fallback), chosen));

  it("takes no time over hostile text", () => {
    for (const text of [",", "a,", " ", "1", "a 1", "a, "]) chooseSource(`a ${text.repeat(500_000)}b,c`, null);
    assert.equal(chooseSource(`${",".repeat(500_000)}a`, null), "a");
    assert.equal(chooseSource(`${",".repeat(500_000)}a, b 2x`, null), "a");
  });
});

type Site = Record<string, { type: string; text: string | Buffer; coding?: string }>;

const serve = (site: Site, log: string[] = []): Promise<string> =>
  httpServer(({ url }, response) => {
    log.push(url!);
    const file = site[url!];
    if (!file) return void response.writeHead(404, { "content-type": "text/html" }).end("<img src=/never.png>");
    response.writeHead(200, { "content-type": file.type, ...(file.coding ? { "content-encoding": file.coding } : {}) });
    response.end(file.text);
  });

describe("a page", () => {
  const html = (text: string) => ({ type: "text/html; charset=utf-8", text });
  const css = (text: string) => ({ type: "text/css", text });
  const image = { type: "image/png", text: "png" };

  it("is loaded with all that it embeds, each address once", async () => {
    const log: string[] = [];
    const url = await serve(
      {
        "/": html(
          '<link rel=stylesheet href=a.css><img src=i.png><img src="i.png#x"><iframe src=frame/></iframe><img src="data:image/png;base64,AA"><a href=/other>',
        ),
        "/a.css": css("@import 'b.css'; p{background:url(i.png)}"),
        "/b.css": css("@import 'a.css'; p{background:url(img/j.png)}"),
        "/frame/": html("<img src=k.png><script src=/s.js></script>"),
        "/i.png": image,
        "/img/j.png": image,
        "/frame/k.png": image,
        "/s.js": { type: "text/javascript", text: "" },
      },
      log,
    );
    const { requests, result } = await probe(`${url}/`, { page: true });
    assert.deepEqual(log.toSorted(), [
      "/",
      "/a.css",
      "/b.css",
      "/frame/",
      "/frame/k.png",
      "/i.png",
      "/img/j.png",
      "/s.js",
    ]);
    assert.equal(result.answered, 8);
    const kinds = Object.fromEntries(requests.map(({ url: at, kind }) => [at.slice(url.length), kind]));
    assert.deepEqual(kinds, {
      "/": "document",
      "/a.css": "style",
      "/b.css": "style",
      "/frame/": "document",
      "/frame/k.png": "image",
      "/i.png": "image",
      "/img/j.png": "image",
      "/s.js": "script",
    });
    assert.deepEqual([...new Set(requests.slice(1).map(({ page }) => page))], [1]);
    assert.equal(requests[0]!.page, undefined);
  });

  it("is read though it comes compressed, and its bytes are those received", async () => {
    const packed = gzipSync('<img src="/i.png">');
    const url = await serve({ "/": { type: "text/html", text: packed, coding: "gzip" }, "/i.png": image });
    const { requests } = await probe(`${url}/`, { page: true });
    assert.deepEqual(
      requests.map(({ bytes }) => bytes),
      [packed.length, 3],
    );
  });

  it("that frames itself, or frames without end, comes to an end", async () => {
    const log: string[] = [];
    const url = await httpServer((request, response) => {
      log.push(request.url!);
      response.writeHead(200, { "content-type": "text/html" });
      response.end(`<iframe src=/></iframe><iframe src=/${Number(request.url!.slice(1) || 0) + 1}></iframe>`);
    });
    await probe(`${url}/`, { page: true });
    assert(log.length < 20, String(log.length));
  });

  it("of a server that is not there in part shows what failed", async () => {
    const url = await serve({ "/": html('<img src="http://127.0.0.1:1/x.png"><img src=i.png>'), "/i.png": image });
    const { requests, result } = await probe(`${url}/`, { page: true });
    assert.deepEqual([result.answered, result.failed, result.unanswered], [2, 1, 0]);
    assert.match(requests.find(({ state }) => state === "failed")!.error!, /refused the connection/);
  });

  it("opens six connections to a host; what waits for one is blocked, before mark 1", async () => {
    let open = 0;
    let most = 0;
    const images = Array.from({ length: 13 }, (_, i) => `<img src=${i}.png>`).join("");
    const url = await httpServer((request, response) => {
      if (request.url === "/") return void response.writeHead(200, { "content-type": "text/html" }).end(images);
      most = Math.max(most, ++open);
      setTimeout(() => {
        open--;
        response.end();
      }, 60);
    });
    const { requests } = await probe(`${url}/`, { page: true });
    assert.equal(most, 6);
    assert.equal(new Set(requests.map(({ conn }) => conn)).size, 6);
    const blocked = requests
      .slice(1)
      .filter((request) => !request.connectStart && millis(request, "fetchStart", "requestStart") > 50);
    assert.equal(blocked.length, 7, "13 images less the six that had a connection at once");
    // First come, first served.
    const starts = requests.slice(1).map(({ requestStart }) => requestStart!);
    assert.deepEqual(
      starts.slice(7),
      starts.slice(7).toSorted((a, b) => a - b),
    );
    const { requests: single } = await probe(`${url}/`, { page: true, connections: 1 });
    assert.equal(new Set(single.map(({ conn }) => conn)).size, 1);
  });
});
