/** A closed loop: so many connections, each of which asks again when it has its answer. A connection a request. */
import { request } from "node:http";
import type { Ask, Workload } from "./workloads";

const askOnce = (url: string, { method, path, body }: Ask): Promise<number> =>
  new Promise((done, failed) => {
    const headers = body ? { "Content-Length": body.length } : {};
    const sent = request(url + path, { method, headers, agent: false }, (response) => {
      response.resume();
      response.on("end", () => done(response.statusCode ?? 0));
      response.on("error", failed);
    });
    sent.on("error", failed);
    sent.end(body);
  });

export interface Load {
  /** Answered with 2xx. */
  answered: number;
  seconds: number;
}

export async function closedLoop(url: string, workload: Workload, connections: number, seconds: number): Promise<Load> {
  const start = performance.now();
  const end = start + seconds * 1000;
  let answered = 0;
  const loop = async (connection: number): Promise<void> => {
    while (performance.now() < end) {
      const status = await askOnce(url, workload.ask(connection));
      if (status < 200 || status > 299) throw new Error(`${workload.name}: answered with ${status}`);
      answered++;
    }
  };
  await Promise.all(Array.from({ length: connections }, (_, connection) => loop(connection)));
  return { answered, seconds: (performance.now() - start) / 1000 };
}
