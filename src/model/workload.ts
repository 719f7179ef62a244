/**
 * What a server is asked for, as Arlitt and Williamson characterised it for six sites (Waterloo, Calgary, Saskatchewan,
 * NASA Kennedy Space Center, ClarkNet, NCSA; "Web Server Workload Characterization", 1996). Shares are parts of 1.
 */

export const FILE_TYPES = [
  "html",
  "image",
  "sound",
  "video",
  "dynamic",
  "formatted",
  "script",
  "style",
  "other",
] as const;
export type FileType = (typeof FILE_TYPES)[number];

/**
 * What the study found at its six sites, as ranges of shares. The first six as the methodology cites it (section 3.3);
 * concentration and remote hosts are the study's own "invariants".
 */
export const STUDY = {
  success: [0.8, 0.9],
  htmlAndImages: [0.9, 1],
  soundAndVideo: [0.0001, 0.012],
  /** Of 100 B to 100 kB: "most". */
  usualFiles: [0.5, 1],
  largeFiles: [0, 0.1],
  filesOnce: [0.15, 0.4],
  /** Of the tenth of the files that is asked for most: "about 90 %". */
  concentration: [0.85, 0.95],
  remote: [0.7, 1],
} as const satisfies Record<string, readonly [number, number]>;
export type StudyKey = keyof typeof STUDY;

/** A part of all requests and of all bytes. */
export interface Share {
  requests: number;
  bytes: number;
}

export interface Counted {
  label: string;
  count: number;
  failed: number;
  bytes: number;
  /** An error or redirect by its code, not something that was asked for. */
  code: boolean;
}

export interface Workload {
  /** Present in reports, so that a reader of one needs no other source. */
  study?: typeof STUDY;
  requests: number;
  /** From the first to the last request. */
  days: number;
  /** By status: of all requests. `unknown`: the log does not say. */
  responses: {
    success: number;
    notModified: number;
    redirected: number;
    clientError: number;
    serverError: number;
    unknown: number;
  };
  /** The rest is of the requests that were answered with what was asked for: 2xx, or no status in the log. */
  answered: number;
  types: ({ type: FileType } & Share)[];
  /** Bytes of responses, where the log says them. */
  transfers: { known: number; total: number; mean: number | null; median: number | null; max: number | null };
  files: {
    distinct: number;
    /** Referenced once: part of all files. */
    once: number;
    /** Files of which a size is known, the largest transfer: parts of them. */
    sized: number;
    usual: number;
    large: number;
  };
  /** What the tenth of the files that is asked for most, or sends most, has of all. */
  concentration: Share;
  hosts: {
    /** Part of the requests whose client the log names. */
    known: number;
    distinct: number;
    /** What the tenth of the hosts that asks most has of all. */
    busiest: Share;
    /** Null where nobody said which hosts are local. */
    local: Share | null;
  };
  /** By path, the most asked for first; what was not answered with what was asked for, by its code. */
  byArchive: Counted[];
  /** Further archives, and their requests. */
  otherArchives: { items: number; count: number };
  /** By hour of the day and by day, on one wall clock. */
  byHour: Counted[];
  byDay: Counted[];
}
