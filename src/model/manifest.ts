/** `manifest.json`: what a session folder says of itself. */
import type { Anchor } from "./record";
import type { Micros } from "./time";

export const SESSION_SCHEMA = "request-timeline/session@1";
export const MANIFEST_FILE = "manifest.json";
export const SERVER_LOG = "server.ndjson";
export const CLIENT_LOG = "client.ndjson";

export interface Manifest {
  schema: typeof SESSION_SCHEMA;
  /** Random, 16 hex digits; also the header's `recording`. */
  id: string;
  /** For people. */
  name: string;
  started: Micros;
  /** Absent while it records, and after a crash. */
  ended?: Micros;
  /** As words, never joined for a shell. `serveOptions`: what the reference server was told beside its folder. */
  commands: { server?: string[]; serve?: string; serveOptions?: string[]; probe?: string[] };
  cwd: string;
  git?: { commit: string; dirty: boolean };
  versions: { tool: string; node: string };
  host: string;
  platform: string;
  boot?: string;
  anchor: Anchor;
}
