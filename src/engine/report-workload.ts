/** A workload as the rows of a report: each characteristic beside what the study of six sites found. */
import { printable } from "../model/printable";
import { type Counted, STUDY, type StudyKey, type Workload } from "../model/workload";
import type { ReportColumn } from "./report-columns";
import { formatBytes } from "./units";

/** Of fewer, a share says little. */
const FEWEST = 1_000;

export interface Characteristic {
  name: string;
  value: string;
  /** The study's range, and how the value lies to it; empty where the study has none. */
  study: string;
  compared: string;
}

export const CHARACTERISTIC_COLUMNS: readonly ReportColumn<Characteristic>[] = [
  { title: "workload", right: false, text: ({ name }) => name },
  { title: "here", right: true, text: ({ value }) => value },
  { title: "six sites of 1996", right: true, text: ({ study }) => study },
  { title: "compared", right: false, text: ({ compared }) => compared },
];

const countedColumns = (title: string): readonly ReportColumn<Counted>[] => [
  { title, right: false, text: ({ label }) => printable(label) },
  { title: "requests", right: true, text: ({ count }) => whole(count) },
  { title: "failed", right: true, text: ({ failed }) => (failed ? whole(failed) : "–") },
  { title: "bytes", right: true, text: ({ bytes }) => (bytes ? formatBytes(bytes) : "–") },
];

interface TrafficTable {
  title: string;
  /** What its rows are. */
  note: string;
  columns: readonly ReportColumn<Counted>[];
  items: Counted[];
}

/** The tables of traffic, each with what it is by. */
export function trafficTables({ byArchive, otherArchives, byHour, byDay }: Workload): TrafficTable[] {
  const others = {
    label: `${whole(otherArchives.items)} others`,
    count: otherArchives.count,
    failed: 0,
    bytes: 0,
    code: false,
  };
  return [
    {
      title: "archive",
      note: "Redirects and errors stand by their code",
      items: otherArchives.items > 0 ? [...byArchive, others] : byArchive,
    },
    {
      title: "hour of the day",
      note: "All days on each other",
      items: byHour.some(({ count }) => count > 0) ? byHour : [],
    },
    { title: "day", note: "From midnight to midnight", items: byDay.length > 1 ? byDay : [] },
  ]
    .filter(({ items }) => items.length > 0)
    .map((table) => ({ ...table, columns: countedColumns(table.title) }));
}

export function characteristics(workload: Workload): Characteristic[] {
  const { requests, days, responses, types, transfers, files, concentration, hosts } = workload;
  const ofTypes = (...wanted: string[]): number =>
    types.filter(({ type }) => wanted.includes(type)).reduce((sum, type) => sum + type.requests, 0);
  const isKnown = responses.unknown < 1;
  const size = transfers.known > 0;
  const rows = [
    fact("requests", `${whole(requests)}${days >= 1 ? `, ${whole(requests / days)} a day` : ""}`),
    ...(isKnown ? responseRows(responses) : []),
    share("HTML and images, of requests", ofTypes("html", "image"), "htmlAndImages"),
    share("sound and video, of requests", ofTypes("sound", "video"), "soundAndVideo"),
    share("dynamic, of requests", ofTypes("dynamic")),
    ...(size
      ? [
          fact("bytes of a response, mean", formatBytes(Math.round(transfers.mean!))),
          fact("median", formatBytes(Math.round(transfers.median!))),
        ]
      : []),
    fact(
      "distinct files",
      `${whole(files.distinct)}, ${percent(files.distinct / (workload.answered || 1))} of requests`,
    ),
    ...(files.sized > 0
      ? [
          share("files of 100 B to 100 kB", files.usual, "usualFiles"),
          share("files of more than 100 kB", files.large, "largeFiles"),
        ]
      : []),
    share("files referenced once", files.once, "filesOnce"),
    share("requests for the busiest tenth of the files", concentration.requests, "concentration"),
    ...(size ? [share("bytes of the heaviest tenth of the files", concentration.bytes, "concentration")] : []),
    ...(hosts.distinct > 0
      ? [
          fact("distinct hosts", whole(hosts.distinct)),
          share("requests of the busiest tenth of the hosts", hosts.busiest.requests),
        ]
      : []),
    ...(hosts.local && hosts.distinct > 0
      ? [
          share("requests of remote hosts", 1 - hosts.local.requests, "remote"),
          ...(size ? [share("bytes to remote hosts", 1 - hosts.local.bytes)] : []),
        ]
      : []),
  ];
  if (requests >= FEWEST) return rows;
  return rows.map((row) => (row.study ? { ...row, compared: `under ${whole(FEWEST)} requests` } : row));
}

const responseRows = (responses: Workload["responses"]): Characteristic[] => [
  share("successful (2xx)", responses.success, "success"),
  share("not modified (304)", responses.notModified),
  share("redirected (other 3xx)", responses.redirected),
  share("client errors (4xx)", responses.clientError),
  share("server errors (5xx)", responses.serverError),
  ...(responses.unknown > 0 ? [share("status not known", responses.unknown)] : []),
];

const fact = (name: string, value: string): Characteristic => ({ name, value, study: "", compared: "" });

function share(name: string, value: number, key?: StudyKey): Characteristic {
  if (key === undefined) return fact(name, percent(value));
  const [low, high] = STUDY[key];
  const compared = value < low ? "below" : value > high ? "above" : "within";
  return { name, value: percent(value), study: rangeOf(key), compared };
}

/** Where the study has words and no numbers, the words. */
function rangeOf(key: StudyKey): string {
  if (key === "usualFiles") return "most";
  if (key === "concentration") return "about 90 %";
  const [low, high] = STUDY[key];
  if (low === 0) return `up to ${percent(high)}`;
  return high === 1 && key === "remote"
    ? `at least ${percent(low)}`
    : `${percent(low).slice(0, -2)} to ${percent(high)}`;
}

const whole = (value: number): string => Math.round(value).toLocaleString("en-US");

/** More figures where it is little: 0.012 % is not nothing. */
function percent(part: number): string {
  const value = part * 100;
  return `${Number(value.toFixed(value < 0.1 ? 3 : value < 1 ? 2 : 1))} %`;
}
