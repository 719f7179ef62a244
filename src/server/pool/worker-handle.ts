/** A worker process as the listener sees it. */
import { type ChildProcess, fork } from "node:child_process";
import { killGroupOf } from "../cgi/process";
import type { PoolOptions, ServerOptions } from "../options";
import type { Connection } from "./connection";
import type { FromWorker, ToWorker } from "./messages";

export interface WorkerEvents {
  ready(worker: WorkerHandle): void;
  closed(connection: Connection): void;
  acquire(worker: WorkerHandle, id: number, name: string, capacity: number): void;
  release(worker: WorkerHandle, id: number): void;
  exit(worker: WorkerHandle): void;
}

export class WorkerHandle {
  readonly connections = new Map<number, Connection>();
  /** What it holds or waits for: its own number for it → how to give it back. */
  readonly locks = new Map<number, () => void>();
  /** Process groups of the programs that it runs: they end with it. */
  private readonly programs = new Set<number>();
  readonly process: ChildProcess;
  state: "starting" | "ready" | "stopping" | "dead" = "starting";
  /** ms (performance.now). */
  readonly born = performance.now();
  /** Since when it has had nothing to do. */
  idleSince = this.born;

  constructor(
    /** From 1. */
    readonly number: number,
    options: ServerOptions,
    { file, arguments: words, execArgv }: PoolOptions["worker"],
    private readonly events: WorkerEvents,
  ) {
    this.process = fork(file, words, { execArgv, stdio: ["ignore", "ignore", "inherit", "ipc"] });
    this.process.on("message", (message) => this.receive(message as FromWorker));
    this.process.on("error", () => {});
    this.process.on("exit", () => {
      this.state = "dead";
      for (const pid of this.programs) killGroupOf(pid);
      events.exit(this);
    });
    this.send({ type: "start", worker: number, options });
  }

  get isIdle(): boolean {
    return this.state === "ready" && this.connections.size === 0;
  }

  send(message: ToWorker): void {
    if (this.process.connected) this.process.send(message, () => {});
  }

  /** The connection stays open here until the worker has it: a worker that dies in between loses nothing. */
  give(connection: Connection): void {
    connection.given = performance.now();
    this.connections.set(connection.id, connection);
    const message = { type: "connection", id: connection.id, accepted: String(connection.accepted) } satisfies ToWorker;
    this.process.send(message, connection.socket, { keepOpen: true }, () => {});
  }

  stop(): void {
    this.state = "stopping";
    this.send({ type: "stop" });
  }

  private receive(message: FromWorker): void {
    switch (message.type) {
      case "ready":
        if (this.state === "starting") this.state = "ready";
        this.events.ready(this);
        break;
      case "taken": {
        const connection = this.connections.get(message.id);
        if (!connection) return;
        connection.taken = true;
        connection.socket.destroy();
        break;
      }
      case "closed": {
        const connection = this.connections.get(message.id);
        if (!connection) return;
        this.connections.delete(message.id);
        connection.socket.destroy();
        if (this.connections.size === 0) this.idleSince = performance.now();
        this.events.closed(connection);
        break;
      }
      case "acquire":
        this.events.acquire(this, message.id, message.name, message.capacity);
        break;
      case "release":
        this.events.release(this, message.id);
        break;
      case "program":
        if (!message.running) this.programs.delete(message.pid);
        // What it told last may be read after its end.
        else if (this.state === "dead") killGroupOf(message.pid);
        else this.programs.add(message.pid);
        break;
      default:
        message satisfies never;
    }
  }
}
