// A Chromium to drive: found, or installed from Debian's packages, or named in one sentence.
import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import { must } from "./run.mjs";

const NAMES = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "microsoft-edge"];
const PLACES = [
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
  "/Applications/Chromium.app/Contents/MacOS/Chromium",
  "/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge",
  "C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe",
  "C:\\Program Files (x86)\\Microsoft\\Edge\\Application\\msedge.exe",
];

/** Where the path has a command; undefined: nowhere. @param {string} name */
export const onPath = (name) =>
  (process.env.PATH ?? "")
    .split(delimiter)
    .map((folder) => join(folder, name))
    .find(existsSync);

/** The executable of a Chromium; CHROMIUM in the environment goes first. */
export function findChromium() {
  const own = process.env.CHROMIUM;
  if (own) return existsSync(own) ? own : onPath(own);
  return NAMES.map(onPath).find(Boolean) ?? PLACES.find(existsSync);
}

const installable = () => process.platform === "linux" && process.getuid?.() === 0 && Boolean(onPath("apt-get"));

/** @param {string[]} packages */
function aptInstall(packages) {
  const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
  const patient = ["-o", "DPkg::Lock::Timeout=300", "-o", "Acquire::Retries=3"];
  must("apt-get update", "apt-get", [...patient, "update", "-q"], { env });
  must(
    `apt-get install ${packages.join(" ")}`,
    "apt-get",
    [...patient, "install", "-qy", "--no-install-recommends", ...packages],
    { env },
  );
}

/** Makes sure of a Chromium and returns its executable. */
export function ensureChromium() {
  if (!findChromium() && installable()) {
    console.log("installing Chromium with apt-get");
    aptInstall(["chromium", "fonts-liberation", "fonts-dejavu-core"]);
  }
  const chromium = findChromium();
  if (!chromium)
    throw new Error(
      "No Chromium found: install Chromium or Google Chrome (Debian: apt-get install chromium), or name its executable in the environment variable CHROMIUM.",
    );
  return chromium;
}

/** What some tests use where it is there, and skip loudly where not: command → Debian package. */
const OPTIONAL = { cal: "ncal", faketime: "faketime", nginx: "nginx-light" };

/** Installs what tests can use, where that is possible without a question. */
export function ensureOptionalTools() {
  const missing = Object.entries(OPTIONAL).filter(
    ([command]) => !onPath(command) && !existsSync(`/usr/sbin/${command}`),
  );
  if (!missing.length) return;
  const packages = missing.map(([, name]) => name);
  if (!installable())
    return console.log(`not installed, so some tests will skip: ${missing.map(([c]) => c).join(", ")}`);
  console.log(`installing ${packages.join(", ")} with apt-get`);
  aptInstall(packages);
}
