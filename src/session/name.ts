/** What several sessions and logs that are opened together are called. */
import { basename, resolve } from "node:path";
import { readManifest } from "./manifest";

/** Names that a title has room for. */
const MOST_NAMES = 3;

/** `campus`, `before and after`, `a, b and 4 more`: a session by its name, all else by its file's. */
export async function nameOf(paths: readonly string[]): Promise<string> {
  const files = paths.map((path) => basename(resolve(path)));
  const given = await Promise.all(
    paths.map((path, at) =>
      readManifest(path).then(
        ({ name }) => name,
        () => files[at]!,
      ),
    ),
  );
  // Sessions of one name are told apart by their folders.
  const names = given.map((name, at) => (given.indexOf(name) === given.lastIndexOf(name) ? name : files[at]!));
  return listed([...new Set(names)]);
}

function listed(names: readonly string[]): string {
  const shown = names.length > MOST_NAMES ? [...names.slice(0, 2), `${names.length - 2} more`] : names;
  return [shown.slice(0, -1).join(", "), shown.at(-1)].filter(Boolean).join(" and ");
}
