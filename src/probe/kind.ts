/** What a resource is, from what the server calls it and, where it says nothing, from what asks for it. */
import { kindOf as kindOfTarget } from "../model/kind";
import type { ResourceKind } from "../model/record";

const SCRIPT = /^(?:text|application)\/(?:x-)?(?:java|ecma)script$/;
const DOCUMENT = /^(?:text\/html|application\/xhtml\+xml)$/;

/** By media type. */
export function kindOf(contentType: string | undefined, expected: ResourceKind | undefined): ResourceKind {
  const type = (contentType ?? "").split(";", 1)[0]!.trim().toLowerCase();
  if (DOCUMENT.test(type)) return "document";
  if (type.startsWith("image/")) return "image";
  if (type === "text/css") return "style";
  if (SCRIPT.test(type)) return "script";
  return expected !== undefined && (type === "" || type === "application/octet-stream") ? expected : "other";
}

/** As the log has it: a document, or data, that a program makes for each request is dynamic. */
export function recordedKind(
  contentType: string | undefined,
  target: string,
  expected: ResourceKind | undefined,
): ResourceKind {
  const kind = kindOf(contentType, expected);
  return (kind === "document" || kind === "other") && kindOfTarget(target) === "dynamic" ? "dynamic" : kind;
}
