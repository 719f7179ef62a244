/**
 * A program's input. It is collected before the program is started, in a file that has no name any more: however slowly a
 * peer sends, no program waits for it, and nobody waits for the program. So its length is known too.
 */
import { randomBytes } from "node:crypto";
import { type FileHandle, open, rm } from "node:fs/promises";
import type { IncomingMessage } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { bodyOf, hasBody } from "../body";
import type { Limits } from "../limits";

export interface Input {
  /** Positioned at its start; null where the request has no body. */
  handle: FileHandle | null;
  length: number;
  close(): Promise<void>;
}

export async function collectInput(request: IncomingMessage, limits: Limits): Promise<Input> {
  if (!hasBody(request)) return { handle: null, length: 0, close: async () => {} };
  const path = join(tmpdir(), `request-timeline-${randomBytes(8).toString("hex")}`);
  const handle = await open(path, "wx+", 0o600);
  try {
    await rm(path);
    let length = 0;
    for await (const chunk of bodyOf(request, limits)) {
      // By position: the program is to find the file at its start.
      for (let done = 0; done < chunk.length; )
        done += (await handle.write(chunk, done, chunk.length - done, length + done)).bytesWritten;
      length += chunk.length;
    }
    return { handle, length, close: () => handle.close() };
  } catch (error) {
    await handle.close();
    throw error;
  }
}
