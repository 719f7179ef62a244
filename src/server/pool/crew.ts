/** The pool's worker processes: as many as are needed between the low and the high mark, replaced when they die. */
import { removeUploadsOf } from "../files/uploads";
import { type Holding, LockTable } from "../locks/table";
import type { PoolOptions, ServerOptions } from "../options";
import type { Site } from "../site";
import type { Connection } from "./connection";
import { type WorkerEvents, WorkerHandle } from "./worker-handle";

/** ms without work after which a worker above the low mark ends. */
const RETIRE_AFTER = 10_000;
/** A worker that ends younger than this (ms) has failed to start: the next one comes later each time. */
const YOUNG = 1_000;
const LONGEST_BACKOFF = 5_000;
/** ms that workers are given to end. */
const STOP_GRACE = 3_000;

export interface CrewEvents {
  /** A worker has room that it had not before. */
  room(): void;
  /** A connection is over. */
  over(connection: Connection): void;
  /** Connections that a worker died too early to take. */
  returned(connections: readonly Connection[]): void;
}

export class Crew implements WorkerEvents {
  private readonly workers = new Set<WorkerHandle>();
  /** Here and not in a worker: what a dead one held is free at once. */
  private readonly locks = new LockTable<WorkerHandle>();
  private readonly retiring: NodeJS.Timeout;
  /** Workers in a row that have failed to start. */
  private failures = 0;
  private pressed = false;
  private stopping = false;
  /** Settles when the first workers are ready, or one of them could not start. */
  private started: { resolve(): void; reject(error: Error): void } | null = null;

  constructor(
    private readonly options: ServerOptions,
    private readonly pool: PoolOptions,
    private readonly site: Site,
    private readonly events: CrewEvents,
  ) {
    this.retiring = setInterval(() => this.retire(performance.now()), 1_000).unref();
  }

  /** Connections that can be served at a time. */
  get places(): number {
    return this.workers.size * this.pool.perWorker;
  }

  /** Starts the workers of the low mark; resolves when they are ready. */
  async start(): Promise<void> {
    const started = new Promise<void>((resolve, reject) => {
      this.started = { resolve, reject };
    });
    for (let i = 0; i < this.pool.low; i++) this.add();
    await started;
  }

  async stop(): Promise<void> {
    this.stopping = true;
    clearInterval(this.retiring);
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

  /** The least busy worker that has room; null where none has. */
  free(): WorkerHandle | null {
    let free: WorkerHandle | null = null;
    for (const worker of this.workers)
      if (worker.state === "ready" && worker.connections.size < (free?.connections.size ?? this.pool.perWorker))
        free = worker;
    return free;
  }

  /** So many connections wait: workers keep none for later, and there is one more where that helps. */
  wait(connections: number): void {
    const starting = [...this.workers].filter(({ state }) => state === "starting").length;
    const helps = connections > starting * this.pool.perWorker && !this.failures;
    if (helps && this.workers.size < this.pool.high) this.add();
    const pressed = connections > 0;
    if (this.pressed === pressed) return;
    this.pressed = pressed;
    for (const worker of this.workers) worker.send({ type: "pressure", on: pressed });
  }

  ready(worker: WorkerHandle): void {
    this.failures = 0;
    if (this.pressed) worker.send({ type: "pressure", on: true });
    if (this.readyCount >= this.pool.low) this.started?.resolve();
    this.events.room();
  }

  closed(connection: Connection): void {
    this.events.over(connection);
    this.events.room();
  }

  acquire(worker: WorkerHandle, id: number, name: string, capacity: number): void {
    const holding: Holding<WorkerHandle> = { owner: worker, granted: () => worker.send({ type: "granted", id }) };
    worker.locks.set(id, () => this.locks.release(name, holding));
    this.locks.acquire(name, capacity, holding);
  }

  release(worker: WorkerHandle, id: number): void {
    worker.locks.get(id)?.();
    worker.locks.delete(id);
  }

  /** A worker has ended: its locks are free, what it had not taken yet waits again, another one takes its place. */
  exit(worker: WorkerHandle): void {
    this.workers.delete(worker);
    this.locks.releaseAll(worker);
    if (this.site.writable && worker.process.pid !== undefined) removeUploadsOf(this.site.writable, worker.process.pid);
    const connections = [...worker.connections.values()];
    for (const connection of connections) if (connection.taken) this.events.over(connection);
    this.events.returned(connections.filter(({ taken }) => !taken));
    this.started?.reject(new Error("a worker process could not start"));
    if (this.stopping) return;
    const young = performance.now() - worker.born < YOUNG;
    if (young) this.failures++;
    this.events.room();
    const delay = young ? Math.min(LONGEST_BACKOFF, 100 * 2 ** this.failures) : 0;
    setTimeout(() => {
      if (this.workers.size < this.pool.low) this.add();
    }, delay);
  }

  private get readyCount(): number {
    return [...this.workers].filter(({ state }) => state === "ready").length;
  }

  private add(): void {
    if (this.stopping) return;
    const taken = new Set([...this.workers].map(({ number }) => number));
    let number = 1;
    while (taken.has(number)) number++;
    this.workers.add(new WorkerHandle(number, this.options, this.pool.worker, this));
  }

  private retire(now: number): void {
    let surplus = this.readyCount - this.pool.low;
    for (const worker of this.workers)
      if (surplus > 0 && worker.isIdle && now - worker.idleSince > RETIRE_AFTER) {
        worker.stop();
        surplus--;
      }
  }
}
