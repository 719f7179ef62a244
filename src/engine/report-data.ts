/**
 * What the HTML report carries for its timeline: an excerpt of the session, and what was said of the whole of it. The
 * columns are kept apart from the JSON, as bytes that the writer compresses.
 */
import type { SessionInfo } from "../protocol/messages";
import { excerpt } from "./excerpt";
import { type ArrayList, arraysIn, bytesOf, listOf, Packer, Unpacker } from "./packing";
import { type ReportSample, reportSample } from "./report-sample";
import { Session } from "./session";
import { type PackedStore, packStore, unpackStore } from "./store-packing";

/** The page and its data are written by one version: this only keeps a damaged file from being half shown. */
const SCHEMA = "request-timeline/report-page@1";
/** In the page there is one session. */
const KEY = "report";

/** Facts of the whole session, which an excerpt might tell otherwise. */
type Told = Pick<SessionInfo, "clocks" | "clockSentence" | "verdict" | "zone">;

export interface ReportData {
  schema: typeof SCHEMA;
  name: string;
  told: Told;
  store: PackedStore;
  /** Why requests have no peer, of logs that are paired as a whole: [record, reason]. */
  unpaired: { client: [number, string][]; server: [number, string][] };
  arrays: ArrayList;
}

export interface PackedReport {
  data: ReportData;
  bytes: Uint8Array<ArrayBuffer>;
  sample: ReportSample;
}

export function packReport(session: Session, most?: number): PackedReport {
  const { clocks, clockSentence, verdict, zone } = session.info();
  const sample = reportSample(session.store, verdict?.request ?? null, most);
  const store = excerpt(session.store, sample.rows);
  const packer = new Packer();
  const request = verdict && (verdict.request === null ? null : sample.rows.indexOf(verdict.request));
  const data: ReportData = {
    schema: SCHEMA,
    name: session.name,
    told: {
      ...{ clocks, clockSentence, verdict: verdict && { ...verdict, request } },
      ...(zone !== undefined && { zone }),
    },
    store: packStore(store, packer),
    unpaired: { client: [...store.unpaired.client], server: [...store.unpaired.server] },
    arrays: listOf(packer.arrays),
  };
  return { data, bytes: bytesOf(packer.arrays), sample };
}

/** Throws where the data is damaged. */
export function unpackReport(data: ReportData, bytes: Uint8Array<ArrayBuffer>): Session {
  const arrays = data.schema === SCHEMA ? arraysIn(bytes, 0, data.arrays) : null;
  if (!arrays) throw new RangeError("the report's data is damaged");
  const session = new ReportSession(data);
  unpackStore(session.store, data.store, new Unpacker(arrays));
  for (const side of ["client", "server"] as const)
    for (const [record, reason] of data.unpaired[side]) session.store.unpaired[side].set(record, reason);
  return session;
}

class ReportSession extends Session {
  private readonly told: Told;

  constructor({ name, told }: ReportData) {
    super(KEY, name, "");
    this.told = told;
  }

  override info(): SessionInfo {
    return { ...super.info(), ...this.told };
  }
}
