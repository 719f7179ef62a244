/** What we keep beside a log to open it again without scanning: `server.ndjson.rtindex`. */
export const INDEX_SUFFIX = ".rtindex";
