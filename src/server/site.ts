/**
 * Where the documents and the scripts of a site are. A folder with an `htdocs` in it is laid out as servers have been
 * since NCSA's: documents in `htdocs`, scripts beside it. Any other folder is the document root itself.
 */
import { realpathSync, statSync } from "node:fs";
import { join } from "node:path";

export interface Site {
  /** Real path of the document root. */
  documents: string;
  /** Real path of the scripts' folder; null where there is none. */
  scripts: string | null;
  /** URL path below which scripts are, with slashes at both ends. */
  scriptPrefix: string;
  /** URL path below which PUT is allowed, with slashes at both ends; null: nowhere. */
  writablePrefix: string | null;
}

/** `cgi-bin` and `/cgi-bin` as `/cgi-bin/`. */
export const asPrefix = (path: string): string => `/${path.split("/").filter(Boolean).join("/")}/`.replace("//", "/");

function folder(path: string): string | null {
  try {
    return statSync(path).isDirectory() ? realpathSync(path) : null;
  } catch {
    return null;
  }
}

/** The site below `root`; throws where that is not a folder. */
export function siteAt(root: string, scriptPrefix: string, writablePrefix?: string): Site {
  const base = folder(root);
  if (base === null) throw new Error(`${root}: not a folder`);
  return {
    documents: folder(join(base, "htdocs")) ?? base,
    scripts: folder(join(base, scriptPrefix)),
    scriptPrefix: asPrefix(scriptPrefix),
    writablePrefix: writablePrefix === undefined ? null : asPrefix(writablePrefix),
  };
}
