/** What kind of resource a request is for, where the client's record does not say. */
import type { ResourceKind } from "./record";

const BY_EXTENSION = new Map<string, ResourceKind>([
  ...kinds("document", "html htm xhtml"),
  ...kinds("image", "png jpg jpeg gif webp avif svg ico bmp tif tiff"),
  ...kinds("script", "js mjs cjs"),
  ...kinds("style", "css"),
  ...kinds("dynamic", "cgi php asp aspx jsp pl py"),
  ...kinds("other", "txt json xml pdf zip gz woff woff2 ttf otf mp3 mp4 webm wasm map"),
]);

function kinds(kind: ResourceKind, extensions: string): [string, ResourceKind][] {
  return extensions.split(" ").map((extension) => [extension, kind]);
}

/**
 * Told by the path alone: a query or a CGI folder makes it dynamic, a folder or a known extension says what it is.
 * `hasRoute`: a framework's route answered, so it is no file.
 */
export function kindOf(target: string, hasRoute = false): ResourceKind {
  const query = target.indexOf("?");
  const path = query < 0 ? target : target.slice(0, query);
  const known = BY_EXTENSION.get(/\.([a-z0-9]+)$/i.exec(path)?.[1]?.toLowerCase() ?? "");
  if (known && known !== "document") return known;
  if (hasRoute || query >= 0 || path.includes("/cgi-bin/")) return "dynamic";
  return known ?? (path.endsWith("/") ? "document" : "other");
}
