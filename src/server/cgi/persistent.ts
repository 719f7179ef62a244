/**
 * Programs that are kept running and answer one request after another (FastCGI's idea). A request is SCGI's: a netstring
 * of the environment (`NAME 0 VALUE 0` …, CONTENT_LENGTH first) and then the body; the answer is a netstring of what a CGI
 * program would have written. A process serves one request at a time; there are as many as requests at once, up to a cap.
 */
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { Refusal } from "../answer";
import { NetstringReader, netstring } from "./netstring";
import { killGroup, startProgram } from "./process";

/** Bytes of an answer. */
const ANSWER_LIMIT = 16 * 1024 * 1024;

export function scgiRequest(environment: Readonly<Record<string, string>>, body: Buffer): Buffer {
  const entries = Object.entries({ ...environment, CONTENT_LENGTH: String(body.length), SCGI: "1" });
  entries.sort(([a], [b]) => Number(b === "CONTENT_LENGTH") - Number(a === "CONTENT_LENGTH"));
  const headers = entries.flat().join("\0");
  return Buffer.concat([netstring(Buffer.from(`${headers}\0`)), body]);
}

/** One process of a program. */
class Kept {
  private readonly child: ChildProcess;
  private readonly reader = new NetstringReader(ANSWER_LIMIT);
  private settle: ((answer: Buffer | Error) => void) | null = null;
  alive = true;

  constructor(
    file: string,
    environment: Record<string, string>,
    /** Called once, when the process has ended. */
    ended: () => void,
  ) {
    this.child = startProgram({ file, arguments: [], environment, input: "pipe" });
    this.child.stdin!.on("error", () => this.kill());
    this.child.stdout!.on("data", (chunk: Buffer) => this.receive(chunk));
    this.child.on("error", () => {});
    this.child.on("close", () => {
      this.alive = false;
      this.settle?.(new Refusal(502, "The program has ended without an answer."));
      ended();
    });
  }

  private receive(chunk: Buffer): void {
    try {
      const answer = this.reader.push(chunk);
      if (!answer) return;
      // An answer that nobody asked for would be taken for the next one.
      if (this.settle) this.settle(answer);
      else this.kill();
    } catch {
      this.kill();
    }
  }

  async ask(request: Buffer, timeout: number): Promise<Buffer> {
    const timer = setTimeout(() => {
      this.settle?.(new Refusal(504, "The program took too long."));
      this.kill();
    }, timeout);
    try {
      const answer = await new Promise<Buffer | Error>((resolve) => {
        this.settle = resolve;
        this.child.stdin!.write(request);
      });
      if (answer instanceof Error) throw answer;
      return answer;
    } finally {
      this.settle = null;
      clearTimeout(timer);
    }
  }

  kill(): void {
    if (this.alive) killGroup(this.child);
    this.alive = false;
  }

  /** Ends when its input does; is killed where it does not. */
  async stop(grace: number): Promise<void> {
    const closed = once(this.child, "close");
    this.child.stdin!.end();
    const timer = setTimeout(() => this.kill(), grace);
    await closed;
    clearTimeout(timer);
  }
}

/** The processes of all programs. */
export class KeptPrograms {
  private readonly idle = new Map<string, Kept[]>();
  private readonly all = new Set<Kept>();

  constructor(private readonly inherited: Record<string, string>) {}

  /**
   * Lets a process of the program answer. `version` changes with the file: a changed program is started anew. The caller
   * caps how many ask at once.
   */
  async ask(file: string, version: string, request: Buffer, timeout: number): Promise<Buffer> {
    const key = `${file}\n${version}`;
    for (const [other, kept] of this.idle)
      if (other !== key && other.startsWith(`${file}\n`)) {
        this.idle.delete(other);
        for (const process of kept) process.kill();
      }
    const idle = this.idle.get(key) ?? [];
    this.idle.set(key, idle);
    let kept = idle.pop();
    while (kept && !kept.alive) kept = idle.pop();
    kept ??= this.start(file);
    const answer = await kept.ask(request, timeout);
    idle.push(kept);
    return answer;
  }

  async close(): Promise<void> {
    await Promise.all([...this.all].map((kept) => kept.stop(1_000)));
  }

  private start(file: string): Kept {
    const kept = new Kept(file, this.inherited, () => this.all.delete(kept));
    this.all.add(kept);
    return kept;
  }
}
