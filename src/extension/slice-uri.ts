/** Addresses of slices: a large log's lines as a document of their own, which says in its name which they are. */
import { basename, dirname, join } from "node:path";
import * as vscode from "vscode";
import { SLICE_SCHEME } from "./ids";
import { SLICE_LINES } from "./slice-lines";

export interface Slice {
  file: string;
  /** First line, 1-based. */
  from: number;
}

/** The slice that holds a line (1-based). */
export function sliceUri(file: string, line: number): vscode.Uri {
  const from = Math.floor((line - 1) / SLICE_LINES) * SLICE_LINES + 1;
  const name = `${from}-${from + SLICE_LINES - 1} ${basename(file)}`;
  return vscode.Uri.file(join(dirname(file), name)).with({
    scheme: SLICE_SCHEME,
    query: JSON.stringify({ file, from }),
  });
}

/** What the address names; null where it is none of ours. */
export function sliceOf(uri: vscode.Uri): Slice | null {
  if (uri.scheme !== SLICE_SCHEME) return null;
  try {
    const { file, from }: Partial<Slice> = JSON.parse(uri.query);
    return typeof file === "string" && Number.isSafeInteger(from) && from! > 0 ? { file, from: from! } : null;
  } catch {
    return null;
  }
}
