/** Where a starting server listens, as its log says: the port is learnt from the process itself and not asked for. */
import { open, readdir } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { LineSplitter } from "../formats/lines";
import { decodeNative, MAX_LINE_BYTES } from "../formats/native";

const LOOK_EVERY_MS = 50;
const CHUNK_BYTES = 64 * 1024;
/** A server log of a session: the first writer's, or a further process's beside it. */
const SERVER_LOGS = /^server(\..+)?\.ndjson$/;

/** Reads what was appended to one log since the last look. */
class ListenReader {
  url: string | null = null;
  private offset = 0;
  private readonly chunk = Buffer.alloc(CHUNK_BYTES);
  private readonly lines = new LineSplitter(
    {
      line: (line) => {
        const record = decodeNative(line);
        if ("type" in record && record.type === "listen") this.url ??= record.url;
      },
      tooLong: () => undefined,
    },
    MAX_LINE_BYTES,
  );

  constructor(private readonly file: string) {}

  async read(): Promise<string | null> {
    const handle = await open(this.file);
    try {
      for (;;) {
        const { bytesRead } = await handle.read(this.chunk, 0, CHUNK_BYTES, this.offset);
        if (!bytesRead || this.url) return this.url;
        this.offset += bytesRead;
        this.lines.push(this.chunk.subarray(0, bytesRead));
      }
    } finally {
      await handle.close();
    }
  }
}

/** The first URL that a server of this session listens on; null where the signal came first. */
export async function untilListening(sessionFolder: string, signal: AbortSignal): Promise<string | null> {
  const readers = new Map<string, ListenReader>();
  while (!signal.aborted) {
    for (const name of await readdir(sessionFolder)) {
      if (!SERVER_LOGS.test(name)) continue;
      const reader = readers.get(name) ?? new ListenReader(join(sessionFolder, name));
      readers.set(name, reader);
      const url = await reader.read();
      if (url) return url;
    }
    await delay(LOOK_EVERY_MS, undefined, { signal }).catch(() => undefined);
  }
  return null;
}

/** The address to request where a server listens on all of them. */
export function reachable(listenUrl: string): string {
  const url = new URL(listenUrl);
  if (url.hostname === "0.0.0.0" || url.hostname === "[::]") url.hostname = "localhost";
  return url.href;
}

/** What the user typed, paths or whole URLs, against the server's address. Throws where one is neither. */
export function resolveUrls(urls: readonly string[], base: string): string[] {
  return urls.map((url) => {
    if (!URL.canParse(url, base)) throw new Error(`Not a URL or a path: ${url}`);
    return new URL(url, base).href;
  });
}
