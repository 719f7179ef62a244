/** Folders of a workspace that the reference server could serve as they are. */
import { access } from "node:fs/promises";
import { join } from "node:path";

/** Where build tools put a site; `.` stands for the folder itself. */
const CANDIDATES = [".", "public", "dist", "build", "site", "www", "static"];
/** What the reference server answers `/` with: an index, or the one of the document root inside. */
const INDEXES = ["index.html", join("htdocs", "index.html")];

export async function siteFolders(folder: string): Promise<string[]> {
  const found = await Promise.all(
    CANDIDATES.flatMap((candidate) =>
      INDEXES.map((index) =>
        access(join(folder, candidate, index)).then(
          () => [candidate],
          () => [],
        ),
      ),
    ),
  );
  return [...new Set(found.flat())];
}
