/**
 * The pool of the methodology: one listener accepts, one queue, and workers that take a connection at a time. A request
 * has arrived when its connection was accepted, so that the wait in the queue is its `queue`.
 */
import { createServer, type Server, type Socket } from "node:net";
import type { PoolOptions, ServerOptions } from "../options";
import type { Site } from "../site";
import type { Admission } from "./admission";
import type { Connection } from "./connection";
import { Crew } from "./crew";
import type { Refuser } from "./refuser";

export class Listener {
  readonly server: Server;
  private readonly crew: Crew;
  private queue: Connection[] = [];
  private count = 0;

  constructor(
    private readonly options: ServerOptions,
    pool: PoolOptions,
    site: Site,
    private readonly admission: Admission | null,
    private readonly refuser: Refuser,
  ) {
    this.server = createServer({ pauseOnConnect: true, noDelay: true }, (socket) => this.accept(socket));
    this.crew = new Crew(options, pool, site, {
      room: () => this.assign(),
      over: ({ charged, given }) => this.admission?.settle(charged, performance.now() - given),
      returned: (connections) => this.queue.unshift(...connections),
    });
  }

  /** Resolves when the workers of the low mark are ready. */
  start(): Promise<void> {
    return this.crew.start();
  }

  async stop(): Promise<void> {
    this.server.close();
    this.refuser.close();
    await this.crew.stop();
    for (const { socket } of this.queue) socket.destroy();
  }

  private accept(socket: Socket): void {
    const accepted = process.hrtime.bigint();
    socket.on("error", () => socket.destroy());
    const charged = this.admit();
    if (charged === null) {
      this.refuser.refuse(socket, accepted, this.admission?.retryAfter(this.crew.places) ?? 1);
      return;
    }
    this.queue.push({ id: ++this.count, socket, accepted, charged, given: 0, taken: false });
    this.assign();
  }

  /** What admission charges for a connection; null: it is refused. */
  private admit(): number | null {
    if (this.queue.length >= this.options.limits.connections) return null;
    return this.admission ? this.admission.admit(this.crew.places, performance.now()) : 0;
  }

  /** Hands waiting connections to workers that have room. */
  private assign(): void {
    let given = 0;
    for (let worker = this.crew.free(); worker && given < this.queue.length; worker = this.crew.free())
      worker.give(this.queue[given++]!);
    if (given) this.queue = this.queue.slice(given);
    this.crew.wait(this.queue.length);
  }
}
