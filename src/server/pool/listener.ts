/**
 * The pool of the methodology: one listener accepts, one queue, and workers that take a connection at a time. A request
 * has arrived when its connection was accepted, so that the wait in the queue is its `queue`.
 */
import { createServer, type Server, type Socket } from "node:net";
import { removeUploadsOf } from "../files/uploads";
import { type Holding, LockTable } from "../locks/table";
import type { PoolOptions, ServerOptions } from "../options";
import type { Site } from "../site";
import type { Admission } from "./admission";
import type { Connection } from "./connection";
import type { Refuser } from "./refuser";
import { type WorkerEvents, WorkerHandle } from "./worker-handle";

/** ms without work after which a worker above the low mark ends. */
const RETIRE_AFTER = 10_000;
/** A worker that ends younger than this (ms) has failed to start: the next one comes later each time. */
const YOUNG = 1_000;
const LONGEST_BACKOFF = 5_000;
/** ms that workers are given to end. */
const STOP_GRACE = 3_000;

export class Listener {
  readonly server: Server;
  private readonly workers = new Set<WorkerHandle>();
  private readonly queue: Connection[] = [];
  private readonly locks = new LockTable<WorkerHandle>();
  private readonly charged = new Map<number, { cost: number; since: number }>();
  private readonly retiring: NodeJS.Timeout;
  private count = 0;
  private failures = 0;
  private pressed = false;
  private stopping = false;
  /** Settles when the first workers are ready, or one of them could not start. */
  private started: { resolve(): void; reject(error: Error): void } | null = null;

  constructor(
    private readonly options: ServerOptions,
    private readonly pool: PoolOptions,
    private readonly site: Site,
    private readonly admission: Admission | null,
    private readonly refuser: Refuser,
  ) {
    this.server = createServer({ pauseOnConnect: true, noDelay: true }, (socket) => this.accept(socket));
    this.retiring = setInterval(() => this.retire(performance.now()), 1_000).unref();
  }

  /** Starts the workers of the low mark; resolves when they are ready. */
  async start(): Promise<void> {
    const started = new Promise<void>((resolve, reject) => {
      this.started = { resolve, reject };
    });
    for (let i = 0; i < this.pool.low; i++) this.addWorker();
    await started;
  }

  async stop(): Promise<void> {
    this.stopping = true;
    clearInterval(this.retiring);
    this.server.close();
    this.refuser.close();
    for (const { socket } of this.queue.splice(0)) socket.destroy();
    const ended = [...this.workers].map(
      (worker) => new Promise<void>((resolve) => worker.process.once("exit", () => resolve())),
    );
    for (const worker of this.workers) worker.stop();
    const timer = setTimeout(() => {
      for (const worker of this.workers) worker.process.kill("SIGKILL");
    }, STOP_GRACE);
    await Promise.all(ended);
    clearTimeout(timer);
  }

  private get places(): number {
    return this.workers.size * this.pool.perWorker;
  }

  private accept(socket: Socket): void {
    const accepted = process.hrtime.bigint();
    socket.on("error", () => socket.destroy());
    const now = performance.now();
    const full = this.queue.length >= this.options.limits.connections;
    const cost = full ? null : this.admission ? this.admission.admit(this.places, now) : 0;
    if (cost === null) {
      this.refuser.refuse(socket, accepted, this.admission?.retryAfter(this.places) ?? 1);
      return;
    }
    const id = ++this.count;
    if (this.admission) this.charged.set(id, { cost, since: 0 });
    this.queue.push({ id, socket, accepted, taken: false });
    this.assign();
  }

  /** Hands waiting connections to workers that have room, the least busy first. */
  private assign(): void {
    while (this.queue.length) {
      let free: WorkerHandle | null = null;
      for (const worker of this.workers)
        if (worker.state === "ready" && worker.connections.size < (free?.connections.size ?? this.pool.perWorker))
          free = worker;
      if (!free) break;
      const connection = this.queue.shift()!;
      const charge = this.charged.get(connection.id);
      if (charge) charge.since = performance.now();
      free.give(connection);
    }
    this.grow();
    this.press(this.queue.length > 0);
  }

  private grow(): void {
    let starting = 0;
    for (const worker of this.workers) if (worker.state === "starting") starting++;
    if (this.queue.length > starting * this.pool.perWorker && this.workers.size < this.pool.high && !this.failures)
      this.addWorker();
  }

  private retire(now: number): void {
    let surplus = [...this.workers].filter(({ state }) => state === "ready").length - this.pool.low;
    for (const worker of this.workers)
      if (surplus > 0 && worker.isIdle && now - worker.idleSince > RETIRE_AFTER) {
        worker.stop();
        surplus--;
      }
  }

  private press(on: boolean): void {
    if (this.pressed === on) return;
    this.pressed = on;
    for (const worker of this.workers) worker.send({ type: "pressure", on });
  }

  private addWorker(): void {
    if (this.stopping) return;
    const taken = new Set([...this.workers].map((worker) => worker.number));
    let number = 1;
    while (taken.has(number)) number++;
    const born = performance.now();
    const events: WorkerEvents = {
      ready: (worker) => {
        this.failures = 0;
        if (this.pressed) worker.send({ type: "pressure", on: true });
        if ([...this.workers].filter(({ state }) => state === "ready").length >= this.pool.low) this.started?.resolve();
        this.assign();
      },
      closed: (_worker, connection) => {
        this.settle(connection);
        this.assign();
      },
      acquire: (worker, id, name, capacity) => {
        const holding: Holding<WorkerHandle> = { owner: worker, granted: () => worker.send({ type: "granted", id }) };
        worker.locks.set(id, () => this.locks.release(name, holding));
        this.locks.acquire(name, capacity, holding);
      },
      release: (worker, id) => {
        worker.locks.get(id)?.();
        worker.locks.delete(id);
      },
      exit: (worker) => this.lose(worker, performance.now() - born < YOUNG),
    };
    this.workers.add(new WorkerHandle(number, this.options, this.pool.worker, events));
  }

  private settle({ id }: Connection): void {
    const charge = this.charged.get(id);
    if (!charge) return;
    this.charged.delete(id);
    this.admission?.settle(charge.cost, performance.now() - charge.since);
  }

  /** A worker has ended: its locks are free, what it had not taken yet waits again, another one takes its place. */
  private lose(worker: WorkerHandle, young: boolean): void {
    this.workers.delete(worker);
    this.locks.releaseAll(worker);
    if (this.site.writable && worker.process.pid !== undefined) removeUploadsOf(this.site.writable, worker.process.pid);
    const untaken = [...worker.connections.values()].filter(({ taken }) => !taken);
    for (const connection of worker.connections.values()) if (connection.taken) this.settle(connection);
    this.queue.unshift(...untaken);
    this.started?.reject(new Error("a worker process could not start"));
    if (this.stopping) return;
    if (young) this.failures++;
    this.assign();
    const delay = young ? Math.min(LONGEST_BACKOFF, 100 * 2 ** this.failures) : 0;
    setTimeout(() => {
      if (this.workers.size < this.pool.low) this.addWorker();
    }, delay);
  }
}
