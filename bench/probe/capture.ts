/** R C of each request as a packet capture on the loopback interface shows it: first byte out to last byte in. */
import { type ChildProcess, execFileSync, spawn } from "node:child_process";

/** With less the kernel drops packets of a probe that has warmed up, and the order of the rest tells nothing. */
const BUFFER_KIB = "32768";

/** Starts tcpdump; resolves when it captures. */
export function startCapture(port: number, file: string): Promise<ChildProcess> {
  const child = spawn("tcpdump", [
    "-i",
    "lo",
    "-n",
    "-U",
    "--immediate-mode",
    "-B",
    BUFFER_KIB,
    "-w",
    file,
    `tcp port ${port}`,
  ]);
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("exit", (status) =>
      reject(new Error(`tcpdump ended with status ${status}; it needs the right to capture`)),
    );
    child.stderr.on("data", (text) => {
      if (String(text).includes("listening on")) resolve(child);
    });
  });
}

const LINE = /^(\d+)\.(\d{6}) IP 127\.0\.0\.1\.(\d+) > 127\.0\.0\.1\.(\d+):.* length ([1-9]\d*)/;

/** When a request's first and its answer's last packet were on the interface, µs since the epoch. */
export interface Exchange {
  sent: number;
  last: number;
}

/** µs per request, by the client's port, in order. */
export function capturedTimes(file: string, port: number): Map<number, number[]> {
  const all = capturedExchanges(file, port);
  return new Map([...all].map(([client, own]) => [client, own.map(({ sent, last }) => last - sent)]));
}

/** By the client's port, in order. */
export function capturedExchanges(file: string, port: number): Map<number, Exchange[]> {
  const text = execFileSync("tcpdump", ["-r", file, "-n", "-tt"], {
    stdio: ["ignore", "pipe", "ignore"],
    maxBuffer: 1e9,
  });
  const times = new Map<number, Exchange[]>();
  const open = new Map<number, Exchange>();
  const close = (client: number) => {
    const request = open.get(client);
    if (request && request.last > 0) times.set(client, [...(times.get(client) ?? []), request]);
    open.delete(client);
  };
  for (const line of text.toString().split("\n")) {
    const match = LINE.exec(line);
    if (!match) continue;
    const time = Number(match[1]) * 1e6 + Number(match[2]);
    const [from, to] = [Number(match[3]), Number(match[4])];
    if (to === port) {
      const before = open.get(from);
      if (!before || before.last > 0) {
        close(from);
        open.set(from, { sent: time, last: 0 });
      }
    } else {
      const request = open.get(to);
      if (request) request.last = time;
    }
  }
  for (const client of [...open.keys()]) close(client);
  return times;
}
