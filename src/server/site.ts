/**
 * Where the documents and the scripts of a site are. A folder with an `htdocs` in it is laid out as servers have been
 * since NCSA's: documents in `htdocs`, scripts beside it. Any other folder is the document root itself.
 */
import { realpathSync, statSync } from "node:fs";
import { join, sep } from "node:path";
import { UPLOADS } from "./files/uploads";

export interface SiteOptions {
  root: string;
  /** URL path of the programs. */
  cgi: string;
  /** URL path below which PUT writes files; absent: nowhere. */
  writable?: string;
}

export interface Site {
  /** Real path of the document root. */
  documents: string;
  /** Path segments of the programs' prefix, and real path of their folder; null where there is none. */
  scriptPrefix: string[];
  scripts: string | null;
  /** Path segments below which PUT is allowed, and real path of their folder; null: nowhere. */
  writablePrefix: string[];
  writable: string | null;
  /** Real paths of folders whose files are no documents. */
  hidden: string[];
}

const segmentsOf = (path: string): string[] => path.split("/").filter(Boolean);

function folder(path: string): string | null {
  try {
    return statSync(path).isDirectory() ? realpathSync(path) : null;
  } catch {
    return null;
  }
}

/** The site that the options describe; throws where one of its folders is none. */
export function siteAt({ root, cgi, writable: writablePath }: SiteOptions): Site {
  const base = folder(root);
  if (base === null) throw new Error(`${root}: not a folder`);
  const documents = folder(join(base, "htdocs")) ?? base;
  const scripts = folder(join(base, cgi));
  const writable = writablePath === undefined ? null : folder(join(documents, writablePath));
  if (writablePath !== undefined && writable === null)
    throw new Error(`${writablePath}: not a folder below ${documents}`);
  return {
    documents,
    scriptPrefix: segmentsOf(cgi),
    scripts,
    writablePrefix: segmentsOf(writablePath ?? ""),
    writable,
    hidden: [scripts, writable && writable + sep + UPLOADS].filter((path) => path !== null),
  };
}

/** The segments below a prefix; null where the path is not below it. */
export function below(prefix: readonly string[], segments: readonly string[]): string[] | null {
  return prefix.every((part, index) => part === segments[index]) && segments.length >= prefix.length
    ? segments.slice(prefix.length)
    : null;
}
