/** Whether a file can be the answer to a request's target: document root and users' folders stand before the path. */

export function fileAnswers(file: string, target: string): boolean {
  const path = pathOf(target);
  const own = /^\/~[^/]*(\/.*)?$/.exec(path);
  return file.endsWith(own ? (own[1] ?? "/") : path);
}

/** A target's path: without the query, decoded where that is possible. */
export function pathOf(target: string): string {
  const path = target.split("?", 1)[0]!;
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}
