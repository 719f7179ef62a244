/** Answers what is not admitted: in the listener, by the same instrument, so that refusals are in the log. */
import type { Server } from "node:http";
import type { Socket } from "node:net";
import type { Instrument } from "../../instrument";
import { stampOfMono } from "../../log/clock";
import { Refusal } from "../answer";
import type { ServerOptions } from "../options";
import { answerRefusal, constructHttpResponse } from "../send";
import type { Site } from "../site";
import { hardenedServer } from "../site-server";

export class Refuser {
  private readonly server: Server;
  private retryAfter = 1;

  constructor(
    options: ServerOptions,
    site: Site,
    private readonly instrument: Instrument,
  ) {
    this.server = hardenedServer(options);
    this.server.on("request", (request, response) => {
      const headers = { "Retry-After": String(this.retryAfter), Connection: "close" };
      const refusal = new Refusal(503, "The server is busy. Please come back later.", headers);
      const answer = answerRefusal(refusal, { name: "503", file: site.documents });
      instrument.setHandler(response, answer.source);
      void constructHttpResponse(request, response, answer);
    });
    this.server.emit("listening");
  }

  refuse(socket: Socket, accepted: bigint, retryAfter: number): void {
    this.retryAfter = retryAfter;
    const stamp = stampOfMono(accepted);
    this.instrument.setArrival(socket, stamp, stamp);
    socket.allowHalfOpen = true;
    this.server.emit("connection", socket);
    socket.resume();
  }

  close(): void {
    this.server.close();
    this.server.closeAllConnections();
  }
}
