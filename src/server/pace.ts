/**
 * Slow peers. node:http ends a connection that is silent; one that sends or takes a byte now and then is never silent, so
 * its pace is measured: after the first `idleTimeout` it must reach `leastRate`, else it is ended.
 */
import type { IncomingMessage, Server, ServerResponse } from "node:http";
import type { Socket } from "node:net";
import { CHECK_INTERVAL, type Limits } from "./limits";

interface Course {
  request: IncomingMessage;
  response: ServerResponse;
  /** ms; since when bytes are owed to us, or by us. */
  since: number;
  /** Bytes read or taken when that began. */
  from: number;
  sending: boolean;
}

/** Bytes that have left for the peer's machine. */
const taken = (socket: Socket): number => socket.bytesWritten - socket.writableLength;

export class Pace {
  private readonly courses = new Set<Course>();
  private readonly timer: NodeJS.Timeout;

  constructor(
    server: Server,
    private readonly limits: Limits,
  ) {
    this.timer = setInterval(() => this.look(performance.now()), CHECK_INTERVAL).unref();
    server.on("close", () => clearInterval(this.timer));
  }

  /** Watches one exchange until its end. */
  watch(request: IncomingMessage, response: ServerResponse): void {
    const course = { request, response, since: performance.now(), from: request.socket.bytesRead, sending: false };
    this.courses.add(course);
    response.once("close", () => this.courses.delete(course));
  }

  private look(now: number): void {
    for (const course of this.courses) if (this.tooSlow(course, now)) course.request.socket.destroy();
  }

  private tooSlow(course: Course, now: number): boolean {
    const { request, response } = course;
    const { socket } = request;
    const receiving = !request.complete && request.listenerCount("data") + request.listenerCount("readable") > 0;
    // While neither side owes bytes (a program thinks), time does not count.
    if (course.sending !== response.headersSent || (!receiving && socket.writableLength === 0)) {
      course.sending = response.headersSent;
      course.since = now;
      course.from = course.sending ? taken(socket) : socket.bytesRead;
      return false;
    }
    const milliseconds = now - course.since;
    if (milliseconds < this.limits.idleTimeout) return false;
    const bytes = (course.sending ? taken(socket) : socket.bytesRead) - course.from;
    return bytes < (milliseconds / 1000) * this.limits.leastRate;
  }
}
