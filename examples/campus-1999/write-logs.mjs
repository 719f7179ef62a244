// Writes the logs of the session of February 1999 in the formats of the time: node write-logs.mjs FOLDER
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const here = import.meta.dirname ?? new URL(".", import.meta.url).pathname;
const ZONE_MICROS = -7 * 3600e6;
const CLIENT = "access-105.cudenver.edu";
const SITE = "http://www.cudenver.edu";
const ROOT = "/usr/local/lib/httpd/htdocs";
/** Object → target and the file that answers. */
const OBJECTS = {
  cudenver: ["/", `${ROOT}/`],
  "header.jpg": ["/home/ucd/head-images/header.jpg", `${ROOT}/home/ucd/head-images/header.jpg`],
  gradrule: ["/public/gradrules.html", `${ROOT}/public/gradrules.html`],
  aboutcamp: ["/home/ucd/images/aboutcamp.gif", `${ROOT}/home/ucd/images/aboutcamp.gif`],
  public_html: ["/~dtsai/index.html", "/home/dtsai/public_html/index.html"],
  calendar: ["/~dtsai/cgi-bin/calendar.cgi?2+1999", "/home/dtsai/public_html/cgi-bin/calendar.cgi"],
};
/** The worked example (section 5.1) is this row. */
const WORKED = { object: "cudenver", when: "1999-02-10T10:00", send: 918_666_940_080_000 };
const WORKED_SERVER = [171_298, 178_134, 308_017, 308_993].map((micros) => 918_666_940_000_000 + micros);
/** Step of the server's clock, µs. */
const TICK = 1e6 / 1024;
const OTHERS = [
  ["crquiz.uchsc.edu", "/home/ucd/images/TV-1.jpg"],
  ["wcad234.mscd.edu", "/public/library/alois/journals.html"],
  ["cache-db06.proxy.aol.com", "/scroll.txt"],
  ["access-137.cudenver.edu", "/"],
  ["access-137.cudenver.edu", "/home/ucd/head-images/header.jpg"],
  ["asp29.colorado.edu", "/home/ucd/images/students.gif"],
  ["tcnj-88-237.tcnj.edu", "/public/missing.html"],
  ["crquiz.uchsc.edu", "/home/ucd/images/aboutcamp.gif"],
];

let state = 1999;
/** Uniform in [0, 1), the same in every run (Park and Miller). */
const dice = () => {
  state = (state * 48_271) % 2_147_483_647;
  return state / 2_147_483_647;
};

/** A time of the client's clock (µs since the epoch) on the server's. */
const onServer = (time) => time - 150_000 + (time - WORKED.send) * 5e-6;
const cut = (time) => Math.floor(Math.floor(time / TICK) * TICK);
const MONTHS = ["Jan", "Feb", "Mar"];
const DAYS = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"];
/** `Wed Feb 10 10:15:40`, `1999`: local time as ctime() writes it. */
function ctime(time) {
  const local = new Date(Math.floor((time + ZONE_MICROS) / 1000));
  const day = String(local.getUTCDate()).padStart(2);
  const clock = local.toISOString().slice(11, 19);
  return [`${DAYS[local.getUTCDay()]} ${MONTHS[local.getUTCMonth()]} ${day} ${clock}`, local.getUTCFullYear()];
}

const browser = [];
const server = [];
const transactions = [];
function mark(url, mode, time) {
  const [clock, year] = ctime(time);
  const millis = String(Math.round(time / 1000) % 1000).padStart(3, "0");
  browser.push({ time, text: `${url} \t ${mode}.\r\nThe time is ${clock}.${millis} ${year}\r\n` });
}
function stamp(log, message, time) {
  const [clock, year] = ctime(time);
  log.push({ time, text: `${message} usec=${String(time % 1e6).padStart(6, "0")} ${clock} ${year}\n\n` });
}
/** The four stamps of a request; without the last where it was an error. */
function serve(host, target, file, [arrived, parsed, processed, sent]) {
  stamp(server, "(null)", arrived);
  stamp(server, `${host} ${file}`, parsed);
  stamp(transactions, `${host} - GET ${target} HTTP/1.0 `, processed);
  if (sent !== undefined) stamp(server, `${host} ${file}`, sent);
}

const rows = readFileSync(join(here, "appendix_j.csv"), "utf8").trim().split("\n").slice(1);
/** Spans on the server's clock between a request's arrival and its file, and of each host's requests for a file. */
const busy = [];
const answering = [];
const slots = new Map();
for (const row of rows) {
  const [object, when, , , , , , status, rc, rs] = row.split(",");
  const place = slots.get(when) ?? 0;
  slots.set(when, place + 1);
  const [target, file] = OBJECTS[object];
  const worked = object === WORKED.object && when === WORKED.when;
  const slot = Date.parse(`${when}:00-07:00`) * 1000;
  const send = worked ? WORKED.send : slot + place * 60e6 + 10_000 * Math.floor(dice() * 3000);
  const url = `${SITE}${target}`;
  mark(url, "started sending request", send);
  if (status === "unresolved") continue;
  const [clientResponse, serverResponse] = [rc, rs].map((seconds) => Math.round(Number(seconds) * 1e6));
  const ticks = Math.round(serverResponse / TICK);
  const first = Math.floor(onServer(send + 0.05 * (clientResponse - serverResponse)) / TICK);
  const parsing = Math.min(7, Math.ceil(ticks / 4));
  const stamps = worked
    ? WORKED_SERVER
    : [first, first + parsing, first + ticks - 1, first + ticks].map((tick) => Math.floor(tick * TICK));
  serve(CLIENT, target, file, stamps);
  busy.push([stamps[0], stamps[1]]);
  const header = worked ? 490_000 : 10_000 * Math.ceil((0.1 * clientResponse + serverResponse) / 10_000);
  mark(url, "started receiving", send + header);
  mark(url, "finished receiving", send + clientResponse);
}

for (const when of slots.keys()) {
  const slot = Date.parse(`${when}:00-07:00`) * 1000;
  for (let i = 0; i < 60; i++) {
    const [host, target] = OTHERS[Math.floor(dice() * OTHERS.length)];
    const arrived = cut(onServer(slot + dice() * 300e6));
    const parsed = cut(arrived + 3 * TICK + dice() * 20e3);
    const processed = cut(parsed + 5 * TICK + dice() * 400e3);
    if (busy.some(([from, to]) => arrived <= to && from <= parsed)) continue;
    if (answering.some(([from, to, who]) => who === host + target && arrived <= to && from <= processed)) continue;
    busy.push([arrived, parsed]);
    answering.push([arrived, processed + 500e3, host + target]);
    serve(host, target, ROOT + target, [
      arrived,
      parsed,
      processed,
      ...(target.includes("missing") ? [] : [processed + 977]),
    ]);
  }
}

const folder = process.argv[2];
if (!folder) {
  process.stderr.write("usage: node write-logs.mjs FOLDER\n");
  process.exit(2);
}
mkdirSync(folder, { recursive: true });
const text = (log) =>
  log
    .sort((a, b) => a.time - b.time)
    .map((entry) => entry.text)
    .join("");
writeFileSync(join(folder, "time.txt"), text(browser));
writeFileSync(join(folder, "projlog2"), text(server));
writeFileSync(join(folder, "http_log"), text(transactions));
