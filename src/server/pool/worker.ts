/** A worker process of the pool: it is handed accepted connections and answers what comes on them. */
import type { IncomingMessage, ServerResponse } from "node:http";
import type { Socket } from "node:net";
import { type Instrument, startInstrument } from "../../instrument";
import { stampOfMono } from "../../log/clock";
import { programs } from "../cgi/process";
import type { Locks, Release } from "../locks/locks";
import type { ServerOptions } from "../options";
import { type SiteServer, siteServer } from "../site-server";
import type { FromWorker, ToWorker } from "./messages";

/** ms that a kept-alive connection may stay idle while others wait for a worker. */
const PRESSED_IDLE = 100;

const tell = (message: FromWorker): void => {
  if (process.connected) process.send!(message, () => {});
};

/** Locks whose table is the listener's. */
class RemoteLocks implements Locks {
  private readonly waiting = new Map<number, (release: Release) => void>();
  private count = 0;

  acquire(name: string, capacity = 1): Promise<Release> {
    const id = ++this.count;
    return new Promise((resolve) => {
      this.waiting.set(id, resolve);
      tell({ type: "acquire", id, name, capacity });
    });
  }

  granted(id: number): void {
    const resolve = this.waiting.get(id);
    this.waiting.delete(id);
    resolve?.(() => tell({ type: "release", id }));
  }
}

class Worker {
  private readonly instrument: Instrument;
  private readonly site: SiteServer;
  private readonly locks = new RemoteLocks();
  private readonly idle = new Map<Socket, NodeJS.Timeout | null>();
  private pressed = false;

  constructor(options: ServerOptions, number: number) {
    this.instrument = startInstrument({ log: options.log, recording: options.recording, worker: number });
    this.site = siteServer(options, this.instrument, this.locks);
    const { server } = this.site;
    server.prependListener("request", this.begin);
    server.prependListener("checkContinue", this.begin);
    // It never listens, but its clock for slow headers starts with this event.
    server.emit("listening");
  }

  receive(message: ToWorker, socket: Socket | undefined): void {
    switch (message.type) {
      case "connection":
        this.take(message.id, message.accepted, socket);
        break;
      case "granted":
        this.locks.granted(message.id);
        break;
      case "pressure":
        this.pressed = message.on;
        for (const idle of this.idle.keys()) this.mayIdle(idle);
        break;
      case "stop":
        void this.end("stopped");
        break;
      case "start":
        break;
      default:
        message satisfies never;
    }
  }

  /** Breaks off what is under way, and completes the log. */
  async end(reason: string): Promise<void> {
    await this.site.close();
    this.instrument.stop(reason);
    process.exit(0);
  }

  private take(id: number, accepted: string, socket: Socket | undefined): void {
    tell({ type: "taken", id });
    // It was closed on its way.
    if (!socket) {
      tell({ type: "closed", id });
      return;
    }
    socket.allowHalfOpen = true;
    const stamp = stampOfMono(BigInt(accepted));
    this.instrument.setArrival(socket, stamp, stamp);
    socket.once("close", () => {
      this.idle.delete(socket);
      tell({ type: "closed", id });
    });
    this.site.server.emit("connection", socket);
  }

  private readonly begin = ({ socket }: IncomingMessage, response: ServerResponse): void => {
    const timer = this.idle.get(socket);
    if (timer) clearTimeout(timer);
    this.idle.delete(socket);
    if (this.pressed) response.shouldKeepAlive = false;
    response.once("finish", () => {
      this.idle.set(socket, null);
      this.mayIdle(socket);
    });
  };

  /** While others wait an idle connection is closed soon: not at once, its next request may be under way. */
  private mayIdle(socket: Socket): void {
    const timer = this.idle.get(socket);
    if (timer) clearTimeout(timer);
    this.idle.set(socket, this.pressed ? setTimeout(() => socket.destroySoon(), PRESSED_IDLE) : null);
  }
}

/** The whole life of a worker process; the listener is its parent. */
export function runWorker(): void {
  let worker: Worker | null = null;
  programs.on("started", (pid) => tell({ type: "program", pid, running: true }));
  programs.on("ended", (pid) => tell({ type: "program", pid, running: false }));
  // Ctrl-C goes to the whole group of processes: the listener says when it is over.
  process.on("SIGINT", () => {});
  process.on("SIGTERM", () => void worker?.end("SIGTERM"));
  process.on("disconnect", () => (worker ? void worker.end("the listener is gone") : process.exit(1)));
  process.on("message", (message: ToWorker, socket: Socket | undefined) => {
    if (message.type === "start") {
      worker = new Worker(message.options, message.worker);
      tell({ type: "ready" });
    } else worker?.receive(message, socket);
  });
}
