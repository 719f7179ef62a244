/**
 * Chromium's net log, as far as it tells which local address a connection has: the end of its TCP_CONNECT, whose
 * source is the protocol's `connectionId`. So a request is paired with its server's record without any header.
 */
import { type FileHandle, open } from "node:fs/promises";
import { setTimeout as delay } from "node:timers/promises";

/** The file is written by another thread: an event may come a little after the answer that it belongs to. */
const WAIT_MS = 1_000;
const LOOK_EVERY_MS = 20;
const CHUNK_BYTES = 256 * 1024;

export interface Ends {
  local: string;
  remote: string;
}

export class NetLog {
  private readonly ends = new Map<number, Ends>();
  private handle: FileHandle | null = null;
  private offset = 0;
  private rest = "";
  private connectType: number | null = null;

  constructor(private readonly file: string) {}

  /** The two ends of each of the connections, as far as the log tells them in time. */
  async endsOf(connections: ReadonlySet<number>): Promise<ReadonlyMap<number, Ends>> {
    const isMissing = () => [...connections].some((id) => !this.ends.has(id));
    for (const deadline = Date.now() + WAIT_MS; ; await delay(LOOK_EVERY_MS)) {
      await this.read();
      if (!isMissing() || Date.now() > deadline) return this.ends;
    }
  }

  async close(): Promise<void> {
    await this.handle?.close();
    this.handle = null;
  }

  private async read(): Promise<void> {
    try {
      this.handle ??= await open(this.file, "r");
      const chunk = Buffer.alloc(CHUNK_BYTES);
      for (;;) {
        const { bytesRead } = await this.handle.read(chunk, 0, chunk.length, this.offset);
        if (bytesRead === 0) return;
        this.offset += bytesRead;
        // Addresses are ASCII: how other text decodes does not matter.
        const lines = (this.rest + chunk.toString("latin1", 0, bytesRead)).split("\n");
        this.rest = lines.pop() ?? "";
        for (const line of lines) this.readLine(line);
      }
    } catch {
      // Not there yet.
    }
  }

  private readLine(line: string): void {
    if (this.connectType === null) {
      const type = /"TCP_CONNECT":(\d+)/.exec(line);
      if (type) this.connectType = Number(type[1]);
    } else if (line.includes('"local_address"') && line.includes(`"type":${this.connectType}}`)) {
      const event = parseEvent(line);
      if (event) this.ends.set(event.id, event.ends);
    }
  }
}

function parseEvent(line: string): { id: number; ends: Ends } | null {
  try {
    const { params, source } = JSON.parse(line.replace(/,\s*$/, ""));
    return { id: source.id, ends: { local: String(params.local_address), remote: String(params.remote_address) } };
  } catch {
    return null;
  }
}
