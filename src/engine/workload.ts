/** The workload of a session, or of an access log: one pass over the columns, and what its tallies say. */
import { fileTypeOf } from "../model/file-type";
import { median } from "../model/statistics/select";
import { DAY } from "../model/wall-clock";
import { FILE_TYPES, type FileType, type Share, type Workload } from "../model/workload";
import { Axis } from "./axis";
import { choose } from "./charts/chosen";
import { trafficOf } from "./charts/traffic";
import { RowFacts } from "./row-facts";
import { rowStart } from "./row-span";
import { finish } from "./steps";
import type { Store } from "./store";
import { Tally } from "./workload-tally";

export interface WorkloadOptions {
  /** Hosts of this domain, or addresses that begin so, are local; absent: nobody said. */
  domain?: string;
  /** Minutes east of UTC, for hours and days; absent: as it was told for logs that name none, else UTC. */
  zone?: number;
}

/** What the study calls the usual size of a file, bytes. */
const USUAL = [100, 100_000] as const;

export function workloadOf(store: Store, { domain, zone = store.zone ?? 0 }: WorkloadOptions = {}): Workload {
  const facts = new RowFacts(store);
  const rows = store.spine.rows();
  const { texts } = store.strings;
  const count = texts.size;
  const files = new Tally(count, (text) => texts.text(text).replace(/[?#].*$/s, ""));
  const hosts = new Tally(count, (text) => hostOf(texts.text(text)));
  const types = new Map<FileType, { requests: number; bytes: number }>(
    FILE_TYPES.map((type) => [type, { requests: 0, bytes: 0 }]),
  );
  const typeOf: (FileType | undefined)[] = [];
  const responses = { success: 0, notModified: 0, redirected: 0, clientError: 0, serverError: 0, unknown: 0 };
  const sizes = new Float64Array(rows.length);
  let [answered, sized] = [0, 0];
  for (const row of rows) {
    const status = facts.status(row);
    responses[responseOf(status)]++;
    const bytes = facts.bytes(row);
    const connection = facts.shared(row, "conn");
    if (!Number.isNaN(connection)) hosts.add(connection, bytes);
    if (!(status < 300) && !(Number.isNaN(status) && facts.state(row) === "complete")) continue;
    answered++;
    if (bytes >= 0) sizes[sized++] = bytes;
    const target = facts.shared(row, "target");
    if (Number.isNaN(target)) continue;
    files.add(target, bytes);
    typeOf[target] ??= fileTypeOf(texts.text(target), facts.route(row) !== null);
    const type = types.get(typeOf[target])!;
    type.requests++;
    type.bytes += bytes || 0;
  }
  const transfers = transfersOf(sizes.subarray(0, sized));
  return {
    requests: rows.length,
    days: daysOf(store, rows),
    responses: scaled(responses, rows.length),
    answered,
    types: FILE_TYPES.map((type) => {
      const { requests, bytes } = types.get(type)!;
      return { type, requests: part(requests, answered), bytes: part(bytes, transfers.total) };
    }),
    transfers,
    files: filesOf(files),
    concentration: files.top(),
    hosts: {
      known: part(sum(hosts.counts), rows.length),
      distinct: hosts.length,
      busiest: hosts.top(),
      local: domain === undefined ? null : localShare(hosts, domain),
    },
    ...traffic(store, zone),
  };
}

const part = (some: number, all: number): number => (all > 0 ? some / all : 0);
const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);

function responseOf(status: number): keyof Workload["responses"] {
  if (Number.isNaN(status) || status < 200) return "unknown";
  if (status < 300) return "success";
  if (status === 304) return "notModified";
  return status < 400 ? "redirected" : status < 500 ? "clientError" : "serverError";
}

const scaled = (responses: Workload["responses"], all: number): Workload["responses"] =>
  Object.fromEntries(Object.entries(responses).map(([name, count]) => [name, part(count, all)])) as typeof responses;

/** The client's name or address of `10.0.0.7:5042>…`, `[::1]:5042>…`, `::1>`. */
function hostOf(connection: string): string {
  const client = connection.split(">", 1)[0]!;
  const [, host] = /^(\[.*\]|[^:]*):\d+$/.exec(client) ?? [];
  return (host ?? client).toLowerCase();
}

function transfersOf(sizes: Float64Array): Workload["transfers"] {
  const total = sizes.reduce((a, b) => a + b, 0);
  const known = sizes.length;
  if (known === 0) return { known, total, mean: null, median: null, max: null };
  return {
    known,
    total,
    mean: total / known,
    max: sizes.reduce((most, size) => Math.max(most, size), 0),
    median: median(sizes),
  };
}

function filesOf({ counts, largest, length }: Tally): Workload["files"] {
  const sized = largest.filter((size) => !Number.isNaN(size));
  return {
    distinct: length,
    once: part(counts.filter((count) => count === 1).length, length),
    sized: sized.length,
    usual: part(sized.filter((size) => size >= USUAL[0] && size <= USUAL[1]).length, sized.length),
    large: part(sized.filter((size) => size > USUAL[1]).length, sized.length),
  };
}

function localShare(hosts: Tally, domain: string): Share {
  const wanted = domain.toLowerCase().replace(/^\*?\./, "");
  const isLocal = (host: string): boolean =>
    host === wanted || host.endsWith(`.${wanted}`) || (/^[\d.]+\.$/.test(wanted) && host.startsWith(wanted));
  let [requests, bytes, at] = [0, 0, 0];
  for (const host of hosts.names()) {
    if (isLocal(host)) {
      requests += hosts.counts[at]!;
      bytes += hosts.bytes[at]!;
    }
    at++;
  }
  return { requests: part(requests, sum(hosts.counts)), bytes: part(bytes, sum(hosts.bytes)) };
}

/** From the first start to the last. */
function daysOf(store: Store, rows: Uint32Array): number {
  const axis = new Axis(store);
  const last = rows.findLast((row) => !Number.isNaN(rowStart(store, axis, row)));
  return last === undefined ? 0 : (rowStart(store, axis, last) - rowStart(store, axis, rows[0]!)) / DAY;
}

function traffic(store: Store, zone: number): Pick<Workload, "byArchive" | "otherArchives" | "byHour" | "byDay"> {
  const chosen = finish(choose(store, { filter: "", span: null, zone: [[0, zone]] }));
  const { items, others } = trafficOf(chosen, "path");
  return {
    byArchive: items,
    otherArchives: others,
    byHour: trafficOf(chosen, "hour").items,
    byDay: trafficOf(chosen, "day").items,
  };
}
