import assert from "node:assert/strict";
import { connect, type Socket } from "node:net";
import { CHECK_INTERVAL, type Limits } from "../../../src/server/limits";
import { buildWorker, type SiteOptions, serving } from "./support";

const TIMEOUT = 1_000;
/** ms that the closing may come late, on a machine that does other things too. bench/slow-peers measures it. */
const GRACE = CHECK_INTERVAL + 3_000;
const LIMITS: Partial<Limits> = { headerTimeout: TIMEOUT, idleTimeout: TIMEOUT, keepAliveTimeout: TIMEOUT };
/** They share the server's process here; bench/slow-peers has 1,000 of them apart. */
const PEERS = 100;
const TRICKLE_MS = 200;

/** What a peer sends at first, and then again and again; whether it reads. */
interface Manner {
  name: string;
  first: string;
  again: string | null;
  reads: boolean;
}

const MANNERS: readonly Manner[] = [
  { name: "says nothing", first: "", again: null, reads: true },
  { name: "stops within its header", first: "GET / HTTP/1.1\r\nHost: loc", again: null, reads: true },
  { name: "sends its header a line at a time", first: "GET / HTTP/1.1\r\n", again: "X: y\r\n", reads: true },
  {
    name: "stops within its body",
    first: "PUT /files/x HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100000\r\n\r\nx",
    again: null,
    reads: true,
  },
  {
    name: "sends its body a byte at a time",
    first: "PUT /files/x HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100000\r\n\r\nx",
    again: "x",
    reads: true,
  },
  {
    name: "sends a program's input a byte at a time",
    first: "POST /cgi-bin/cat.cgi HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100000\r\n\r\nx",
    again: "x",
    reads: true,
  },
  { name: "does not read", first: "GET /big HTTP/1.1\r\nHost: localhost\r\n\r\n", again: null, reads: false },
  {
    name: "does not read, but sends line ends to look alive",
    first: "GET /big HTTP/1.1\r\nHost: localhost\r\n\r\n",
    again: "\r\n",
    reads: false,
  },
  { name: "asks nothing more", first: "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n", again: null, reads: true },
];

interface Peer {
  socket: Socket;
  /** ms from the connection to its end at the server; null while it is open. */
  lasted: number | null;
}

/** A peer that ends its own side only when it is told to. */
function slowPeer(port: number, { first, again, reads }: Manner): Peer {
  const socket = connect(port, "127.0.0.1");
  const start = performance.now();
  const peer: Peer = { socket, lasted: null };
  socket.write(first);
  const timer = again === null ? undefined : setInterval(() => socket.write(again), TRICKLE_MS);
  const ended = (): void => {
    clearInterval(timer);
    peer.lasted ??= performance.now() - start;
  };
  socket.on("error", ended);
  socket.on("close", ended);
  socket.on("end", ended);
  if (reads) socket.resume();
  return peer;
}

const OPTIONS: SiteOptions = {
  files: {
    "index.html": "main",
    "files/old": "",
    big: Buffer.alloc(32_000_000),
    "cgi-bin/cat.cgi": "#!/bin/sh\ncat >/dev/null\nprintf 'Content-Type: text/plain\\n\\n'\n",
  },
  writable: "/files/",
  limits: LIMITS,
};

describe("a slow peer", () => {
  before(buildWorker);

  for (const manner of MANNERS) {
    // What a peer does not read stands in the kernel's buffers, megabytes of it.
    const count = manner.reads ? PEERS : PEERS / 10;
    it(`that ${manner.name} is closed in time, ${count} of them too, and others are served meanwhile`, function () {
      this.timeout(60_000);
      return serving(OPTIONS, async (site) => {
        const peers = Array.from({ length: count }, () => slowPeer(site.port, manner));
        // A peer that does not read learns of its end when it does: the log knows before.
        const lasted = (): number[] =>
          manner.reads
            ? peers.flatMap(({ lasted }) => lasted ?? [])
            : site
                .all()
                .flatMap((record) =>
                  record.type === "server" && record.closed ? (record.closed - record.parseStart) / 1000 : [],
                );
        while (lasted().length < count) {
          assert.equal((await site.ask("/")).text, "main");
          await new Promise((done) => setTimeout(done, 50));
        }
        const longest = Math.max(...lasted());
        assert.ok(longest < TIMEOUT + GRACE, `${longest} ms`);
        for (const { socket } of peers) socket.destroy();
      });
    });
  }

  it("is not a program that takes its time, before its answer or within it", () => {
    const thinks =
      "#!/bin/sh\nsleep 1.5\nprintf 'Content-Type: text/plain\\n\\n'\nfor i in 1 2; do sleep 1.5; echo $i; done\n";
    return serving({ files: { "cgi-bin/thinks.cgi": thinks }, limits: LIMITS }, async ({ ask }) => {
      assert.equal((await ask("/cgi-bin/thinks.cgi")).text, "1\n2\n");
    });
  });

  it("holds one worker of a pool no longer than its time", () =>
    serving({ ...OPTIONS, pool: { low: 1, high: 1 } }, async ({ port, ask }) => {
      const start = performance.now();
      const peer = slowPeer(port, MANNERS[1]!);
      assert.equal((await ask("/")).text, "main");
      assert.ok(performance.now() - start < TIMEOUT + GRACE, `${performance.now() - start} ms`);
      peer.socket.destroy();
    }));
});
