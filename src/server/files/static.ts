/** GET and HEAD of a file. */
import type { IncomingMessage } from "node:http";
import { basename, sep } from "node:path";
import { type Answer, Refusal, type Source } from "../answer";
import type { Site } from "../site";
import type { Target } from "../target";
import { precondition, validatorsOf } from "./conditional";
import { isInside, type Opened, openInside } from "./opened";
import { rangeOf } from "./range";
import { mediaType } from "./types";

const INDEX = "index.html";

export const sourceOf = (path: string): Source => ({ name: basename(path), file: path, line: 1, column: 1 });

/** Opens what the target names; a folder's index where it names a folder. */
async function openDocument(site: Site, target: Target): Promise<Opened> {
  const opened = await openInside(site.documents, target.segments);
  if (opened.kind === "file") {
    // Programs and uploads may lie below the documents and are none, whatever the path's spelling.
    if (!target.folder && !site.hidden.some((folder) => isInside(opened.path, folder))) return opened;
    await opened.handle.close();
    throw new Refusal(404, "There is no such file.");
  }
  await opened.handle.close();
  if (target.folder) return openDocument(site, { ...target, segments: [...target.segments, INDEX], folder: false });
  const path = `/${target.segments.map(encodeURIComponent).join("/")}/`;
  const location = target.query === null ? path : `${path}?${target.query}`;
  throw new Refusal(
    301,
    "This is a folder.",
    { Location: location },
    { name: basename(opened.path), file: opened.path },
  );
}

/** Takes the file over into an answer: whoever sends it closes it. */
export async function answerFile(site: Site, target: Target, request: IncomingMessage): Promise<Answer> {
  const opened = await openDocument(site, target);
  const current = validatorsOf(opened);
  const source = sourceOf(opened.path);
  const headers: Answer["headers"] = {
    ETag: current.tag,
    "Last-Modified": new Date(current.modified).toUTCString(),
    "Accept-Ranges": "bytes",
    "Cache-Control": "no-cache",
  };
  const conclude = async (status: number): Promise<Answer> => {
    await opened.handle.close();
    return { status, headers, body: null, source };
  };
  const status = precondition(request.method ?? "GET", request.headers, current);
  if (status !== null) return conclude(status);
  const range = request.method === "GET" ? rangeOf(request.headers, opened.size, current) : null;
  if (range === "unsatisfiable") {
    headers["Content-Range"] = `bytes */${opened.size}`;
    return conclude(416);
  }
  headers["Content-Type"] = mediaType(opened.path.slice(opened.path.lastIndexOf(sep) + 1));
  const { start, end } = range ?? { start: 0, end: opened.size };
  if (range) headers["Content-Range"] = `bytes ${start}-${end - 1}/${opened.size}`;
  headers["Content-Length"] = String(end - start);
  return { status: range ? 206 : 200, headers, body: { handle: opened.handle, start, end }, source };
}
