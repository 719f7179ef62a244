/** What the pool is asked for, and the site that it is asked of. */
import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

export interface Ask {
  method: "GET" | "PUT";
  path: string;
  body?: Buffer;
}

export interface Workload {
  name: string;
  /** The request of one of the client's connections. */
  ask(connection: number): Ask;
}

const BODY = Buffer.alloc(64 * 1024, "speedup ");
const put = (name: string): Ask => ({ method: "PUT", path: `/files/${name}`, body: BODY });
const get = (path: string): Ask => ({ method: "GET", path });

export const WORKLOADS: readonly Workload[] = [
  { name: "static file", ask: () => get("/picture.bin") },
  { name: "PUT to one file", ask: () => put("one") },
  { name: "PUT to different files", ask: (connection) => put(`file-${connection}`) },
  { name: "page that waits 50 ms", ask: () => get("/cgi-bin/waits.cgi") },
  { name: "page that computes", ask: () => get("/cgi-bin/computes.cgi") },
];

const HEAD = "printf 'Content-Type: text/plain\\n\\ndone\\n'";

export function writeSite(root: string): void {
  for (const folder of ["files", "cgi-bin"]) mkdirSync(join(root, folder), { recursive: true });
  writeFileSync(join(root, "picture.bin"), Buffer.alloc(11 * 1024, "picture "));
  const programs = {
    "waits.cgi": "sleep 0.05",
    "computes.cgi": "i=0; while [ $i -lt 20000 ]; do i=$((i+1)); done",
  };
  for (const [name, work] of Object.entries(programs)) {
    const path = join(root, "cgi-bin", name);
    writeFileSync(path, `#!/bin/sh\n${work}\n${HEAD}\n`);
    chmodSync(path, 0o755);
  }
}
