import assert from "node:assert/strict";
import { resolve } from "node:path";
import { sourcePath } from "../../../src/instrument/handlers/source-path";

/** Source, sourceRoot, and the path that they are of a map in the folder. */
type Named = [source: string, root: string, path: string];

const check = (folder: string, windows: boolean, cases: Named[]): void => {
  for (const [source, root, path] of cases)
    assert.equal(sourcePath(source, { folder, root }, windows), path, `${source} under "${root}"`);
};

describe("a source that a map names", () => {
  it("is found on Windows: by URL, drive, share and relative path, with either separator", () => {
    check("C:\\site\\dist", true, [
      ["../src/a.ts", "", "C:\\site\\src\\a.ts"],
      ["..\\src\\a.ts", "", "C:\\site\\src\\a.ts"],
      ["a.ts", "../src", "C:\\site\\src\\a.ts"],
      ["a.ts", "../src/", "C:\\site\\src\\a.ts"],
      ["a.ts", "D:\\src\\", "D:\\src\\a.ts"],
      ["a.ts", "file:///D:/the%20src", "D:\\the src\\a.ts"],
      ["file:///D:/the%20src/a.ts", "ignored", "D:\\the src\\a.ts"],
      ["D:/src/a.ts", "ignored", "D:\\src\\a.ts"],
      ["D:\\src\\a.ts", "", "D:\\src\\a.ts"],
      ["file://share/src/a.ts", "", "\\\\share\\src\\a.ts"],
    ]);
  });

  it("is found elsewhere, also by a map that was made on Windows", () => {
    check("/site/dist", false, [
      ["../src/a.ts", "", "/site/src/a.ts"],
      ["..\\src\\a.ts", "", "/site/src/a.ts"],
      ["a.ts", "/src", "/src/a.ts"],
      ["a.ts", "file:///the%20src/", "/the src/a.ts"],
      ["file:///src/a.ts", "ignored", "/src/a.ts"],
    ]);
  });

  it("of another system keeps the name that it has there", () => {
    check("/site/dist", false, [
      ["file:///C:/src/a.ts", "", "C:/src/a.ts"],
      ["C:\\src\\a.ts", "", "C:/src/a.ts"],
      ["a.ts", "C:\\src\\", "C:/src/a.ts"],
    ]);
  });

  it("that a bundler names by a scheme of its own is where the bundler ran", () => {
    check("/elsewhere", false, [["webpack://name/./src/a.ts", "", resolve("src/a.ts")]]);
  });
});
