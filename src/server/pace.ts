/**
 * Slow peers. One that sends or takes a byte now and then is never silent, so its pace is measured: over each
 * `idleTimeout` in which it owes us bytes, or we owe it some, it must reach `leastRate`, else it is ended.
 */
import type { IncomingMessage, Server, ServerResponse } from "node:http";
import type { Socket } from "node:net";
import { CHECK_INTERVAL, type Limits } from "./limits";

/** Bytes at a time, ms. */
interface Sample {
  at: number;
  bytes: number;
}

interface Course {
  request: IncomingMessage;
  response: ServerResponse;
  sending: boolean;
  /** Of the last `idleTimeout`, as long as bytes were owed to us, or by us; oldest first. */
  samples: Sample[];
}

interface Handle {
  bytesWritten: number;
  writeQueueSize: number;
}

/** Bytes that the operating system has taken: of a chunk that is being written too, unlike `socket.bytesWritten`. */
function taken(socket: Socket): number {
  const { _handle: handle } = socket as Socket & { _handle: Handle | null };
  return handle ? handle.bytesWritten - handle.writeQueueSize : 0;
}

/** Ends a connection. What its peer has not taken is thrown away: the kernel would keep it for as long as it pleases. */
function end(socket: Socket): void {
  if (socket.writableLength > 0) socket.resetAndDestroy();
  else socket.destroy();
}

export class Pace {
  private readonly courses = new Set<Course>();
  private readonly timer: NodeJS.Timeout;

  constructor(
    server: Server,
    private readonly limits: Limits,
  ) {
    this.timer = setInterval(() => this.look(performance.now()), CHECK_INTERVAL / 2).unref();
    server.on("close", () => clearInterval(this.timer));
  }

  /** Watches one exchange until its end. */
  watch(request: IncomingMessage, response: ServerResponse): void {
    const course = { request, response, sending: false, samples: [] };
    this.courses.add(course);
    response.once("close", () => this.courses.delete(course));
  }

  private look(now: number): void {
    for (const course of this.courses) if (this.tooSlow(course, now)) end(course.request.socket);
  }

  private tooSlow(course: Course, now: number): boolean {
    const { request, response, samples } = course;
    const { socket } = request;
    const receiving = !request.complete && request.listenerCount("data") + request.listenerCount("readable") > 0;
    // While neither side owes bytes (a program thinks), time does not count.
    if (course.sending !== response.headersSent || (!receiving && socket.writableLength === 0)) samples.length = 0;
    course.sending = response.headersSent;
    const bytes = course.sending ? taken(socket) : socket.bytesRead;
    samples.push({ at: now, bytes });
    const [oldest, second] = samples;
    const milliseconds = now - oldest!.at;
    if (milliseconds < this.limits.idleTimeout) return false;
    if (second && now - second.at >= this.limits.idleTimeout) samples.shift();
    return bytes - oldest!.bytes < (milliseconds / 1000) * this.limits.leastRate;
  }
}
