/** Which browser to drive: one that speaks the DevTools protocol. */
import { accessSync, constants } from "node:fs";
import { delimiter, isAbsolute, join } from "node:path";

const NAMES = [
  "google-chrome-stable",
  "google-chrome",
  "chrome",
  "chromium",
  "chromium-browser",
  "microsoft-edge",
  "msedge",
];

const PLACES: Partial<Record<NodeJS.Platform, string[]>> = {
  darwin: ["Google Chrome", "Chromium", "Microsoft Edge"].map(
    (name) => `/Applications/${name}.app/Contents/MacOS/${name}`,
  ),
  win32: [process.env.ProgramFiles, process.env["ProgramFiles(x86)"], process.env.LOCALAPPDATA].flatMap((folder) =>
    folder
      ? ["Google\\Chrome\\Application\\chrome.exe", "Microsoft\\Edge\\Application\\msedge.exe"].map((file) =>
          join(folder, file),
        )
      : [],
  ),
};

function isProgram(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** The program: what was asked for, else `CHROME_PATH`, else the first that is installed. Throws where there is none. */
export function findBrowser(asked?: string): string {
  const wanted = asked ?? process.env.CHROME_PATH;
  if (wanted !== undefined) {
    const file = isAbsolute(wanted) || wanted.includes("/") ? wanted : onPath(wanted);
    if (file === undefined || !isProgram(file)) throw new Error(`${wanted} is no browser that can be run`);
    return file;
  }
  const file = NAMES.map(onPath).find((found) => found !== undefined) ?? PLACES[process.platform]?.find(isProgram);
  if (file === undefined)
    throw new Error("no Chrome, Edge or Chromium was found: install one, or name it by --browser-path or CHROME_PATH");
  return file;
}

function onPath(name: string): string | undefined {
  const file = process.platform === "win32" ? `${name}.exe` : name;
  return (process.env.PATH ?? "")
    .split(delimiter)
    .filter((folder) => folder !== "")
    .map((folder) => join(folder, file))
    .find(isProgram);
}
