/**
 * Which file a writer appends to. A recording's first writer takes FILE itself, each further process or thread takes
 * FILE-stem.<writer>.ndjson beside it, and never do two write to one file at a time: records belong to the header above
 * them. Who is first is decided by creating a claim file, which the file system does for exactly one of them. The claim
 * is named after the recording, so that one left behind by a crash hinders no later recording; a writer that ends
 * releases it, so that a server that restarts goes on in FILE.
 */
import { closeSync, openSync, unlinkSync } from "node:fs";

export interface LogClaim {
  file: string;
  release(): void;
}

const EXTENSION = ".ndjson";

/** The file of a further writer. */
export const siblingLog = (file: string, writer: string): string =>
  `${file.endsWith(EXTENSION) ? file.slice(0, -EXTENSION.length) : file}.${writer}${EXTENSION}`;

/** The claim on FILE in a recording. */
export const claimFile = (file: string, recording: string): string => `${file}.${recording}.claim`;

/** The file for this writer of the recording. Where nothing can be created FILE itself, which then fails to open. */
export function claimLog(file: string, recording: string, writer: string): LogClaim {
  const claim = claimFile(file, recording);
  try {
    closeSync(openSync(claim, "wx", 0o600));
  } catch (error) {
    const taken = (error as NodeJS.ErrnoException).code === "EEXIST";
    return { file: taken ? siblingLog(file, writer) : file, release() {} };
  }
  return {
    file,
    release() {
      try {
        unlinkSync(claim);
      } catch {
        // Somebody has tidied up.
      }
    },
  };
}
