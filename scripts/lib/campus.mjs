// The recording that the demonstration, the user-interface tests and the pictures show.
import { join } from "node:path";
import { must, root } from "./run.mjs";

/**
 * Records the campus example with the built command line: its main page, the rules page, and the CGI calendar.
 * @param {string} campus the example, or a copy of it
 * @param {string} name of the session
 * @returns {string} the session's folder
 */
export function recordCampus(campus, name) {
  const session = join(campus, ".request-timeline", name);
  const urls = ["/", "/graduate/gradrules.html", "/calendar/", "/cgi-bin/calendar.cgi?3+1993"];
  const args = ["record", "--session", session, "--serve", campus, "--", "--page", ...urls];
  must("request-timeline record", process.execPath, [join(root, "dist/cli.js"), ...args], { cwd: campus });
  return session;
}
