/** The types of files that the study of six sites' workloads tells apart (workload.ts), by what a target looks like. */
import { kindOf } from "./kind";
import type { FileType } from "./workload";

const BY_EXTENSION = new Map<string, FileType>([
  ...types("sound", "au snd wav mid midi mp3 ogg oga opus aac m4a flac aif aiff aifc ra ram weba"),
  ...types("video", "mpg mpeg mpe mov qt avi mp4 m4v webm ogv mkv wmv flv"),
  ...types("formatted", "ps eps pdf dvi tex rtf doc docx xls xlsx ppt pptx odt ods odp"),
]);

function types(type: FileType, extensions: string): [string, FileType][] {
  return extensions.split(" ").map((extension) => [extension, type]);
}

/** `hasRoute`: a framework's route answered. */
export function fileTypeOf(target: string, hasRoute: boolean): FileType {
  const kind = kindOf(target, hasRoute);
  if (kind === "document") return "html";
  if (kind === "dynamic") {
    // A query does not make a page of a song.
    const known = hasRoute ? undefined : byExtension(target);
    return known ?? kind;
  }
  return kind === "other" ? (byExtension(target) ?? kind) : kind;
}

const byExtension = (target: string): FileType | undefined =>
  BY_EXTENSION.get(/^[^?#]*\.([a-z0-9]+)(?:[?#]|$)/i.exec(target)?.[1]?.toLowerCase() ?? "");
