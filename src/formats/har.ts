/**
 * HAR 1.2 (http://www.softwareishard.com/blog/har-12-spec/), as browsers, proxies and we export it: client records.
 * An entry's timings follow each other: blocked, dns, connect (ssl inside, at its end), send, wait, receive; −1 is "did
 * not apply", met elsewhere too where a request failed. Read besides: Chromium's `_resourceType`, `_fromCache` and
 * `_error`, Playwright's `_failureText`, a page's onContentLoad and onLoad, and our own `_marks`,
 * `_server`, `_handler` and `_clock`, which make an exported session whole again. Not read: headers (but traceparent), cookies, contents.
 */
import type { RequestState, ResourceKind } from "../model/record";
import { withoutUserInfo } from "../model/redact";
import { MICROS_PER_MILLI, type Micros } from "../model/time";
import { isoTime } from "./access-time";
import { hostOf, NO_HOST, readMarks, targetOf, traceIdOf } from "./exchange";
import { type ForeignClient, type ForeignServer, ForeignWriter } from "./foreign";
import type { Format, FormatContext, RecordSink } from "./format";
import { type ElementSink, jsonElements } from "./json-elements";
import { fieldOf, type JsonObject, listOf, naturalOf, numberOf, objectOf, parseObject, textOf } from "./json-value";

/** What made-up anchors count from: late enough for any offset below it to stay positive. */
const ANCHOR = 2 ** 51;

const KINDS: ReadonlyMap<string, ResourceKind> = new Map([
  ["document", "document"],
  ["image", "image"],
  ["script", "script"],
  ["stylesheet", "style"],
  ["xhr", "dynamic"],
  ["fetch", "dynamic"],
]);

export const har: Format = {
  id: "har",
  label: "HTTP archive (HAR)",
  matches: (head) => /^\uFEFF?\s*\{\s*"log"\s*:\s*\{/.test(head),
  open: (sink, context) => jsonElements(new Har(sink, context), { paths: ["log.pages[]", "log.entries[]"] }),
};

class Har implements ElementSink {
  private readonly writer: ForeignWriter;
  /** Number of the first request of a page. */
  private readonly pages = new Map<string, number>();

  constructor(
    private readonly sink: RecordSink,
    context: FormatContext,
  ) {
    this.writer = new ForeignWriter(sink, context, "HAR");
  }

  problem(line: number, reason: string): void {
    this.sink.problem(line, reason);
  }

  element(path: string, text: string, line: number): boolean {
    const value = parseObject(text);
    if ("problem" in value && typeof value.problem === "string") {
      this.sink.problem(line, value.problem);
      return false;
    }
    if (path === "log.pages[]") this.page(value, text, line);
    else this.entry(value, text, line);
    return true;
  }

  private page(page: JsonObject, text: string, line: number): void {
    const start = isoTime(textOf(page, "startedDateTime") ?? "");
    if (start === null) return;
    const timings = objectOf(page, "pageTimings");
    for (const [field, name] of [
      ["onContentLoad", "DOMContentLoaded"],
      ["onLoad", "load"],
    ] as const) {
      const after = numberOf(timings, field);
      if (after === undefined || after < 0) continue;
      this.useClient(text, line);
      this.writer.event({ time: start + micros(after), name }, line);
    }
  }

  private useClient(seed: string, line: number): void {
    this.writer.use(
      "client",
      seed,
      { role: "client", grain: 1, boot: "har", anchor: { wall: ANCHOR, mono: "0" } },
      line,
    );
  }

  private entry(entry: JsonObject, text: string, line: number): void {
    const request = objectOf(entry, "request");
    const url = textOf(request, "url");
    const method = textOf(request, "method");
    if (url === undefined || method === undefined) {
      this.sink.problem(line, "an entry without a request's method and URL");
      return;
    }
    const shared = sharedOf(entry, request);
    const server = fieldOf(entry, "_server");
    if (fieldOf(entry, "_clientUnknown") !== true) {
      const stamps = stampsOf(entry);
      if ("problem" in stamps) this.sink.problem(line, stamps.problem);
      else {
        this.useClient(text, line);
        const page = textOf(entry, "pageref");
        const first = page === undefined ? undefined : this.pages.get(page);
        const record = { ...shared, method, url: withoutUserInfo(url), ...detailsOf(entry), ...stamps };
        const number = this.writer.client({ ...record, ...(first !== undefined && { page: first }) }, line);
        if (page !== undefined && first === undefined) this.pages.set(page, number);
      }
    }
    if (server !== undefined) this.server(entry, { ...shared, method, target: targetOf(url) }, url, text, line);
  }

  /** The server's side, as we export it. */
  private server(
    entry: JsonObject,
    shared: Pick<ForeignServer, "id" | "method" | "target" | "status" | "bytes" | "state">,
    url: string,
    text: string,
    line: number,
  ): void {
    const { parseStart, ...marks } = readMarks(fieldOf(entry, "_server"), "server");
    if (parseStart === undefined) {
      this.sink.problem(line, "a _server without parseStart");
      return;
    }
    // Two clocks of one boot, whose offset is known to a microsecond, are so after the way through the file, too.
    const clock = objectOf(entry, "_clock");
    const offset = (numberOf(clock, "uncertainty") ?? 2) <= 1 ? (numberOf(clock, "offset") ?? 0) : null;
    const exact = offset !== null && Number.isSafeInteger(offset) && Math.abs(offset) < ANCHOR;
    const key = exact ? `server ${offset}` : "server";
    const anchor = { wall: ANCHOR + (exact ? offset : 0), mono: "0" };
    this.writer.use(key, text, { role: "server", grain: 1, ...(exact && { boot: "har", anchor }) }, line);
    const handler = this.source(objectOf(entry, "_handler"), line);
    const host = hostOf(url);
    const route = textOf(fieldOf(entry, "_server"), "route");
    this.writer.server(
      {
        ...shared,
        ...(host !== undefined && host !== NO_HOST && { host }),
        ...(route !== undefined && { route }),
        parseStart,
        ...(marks as Partial<ForeignServer>),
        ...(handler !== undefined && { handler }),
      },
      line,
    );
  }

  private source(handler: JsonObject, line: number): number | undefined {
    const file = textOf(handler, "file");
    if (file === undefined) return undefined;
    const name = textOf(handler, "function");
    const at = naturalOf(handler, "line");
    const column = naturalOf(handler, "column");
    const confidence = numberOf(handler, "confidence");
    return this.writer.source(
      {
        ...(name !== undefined && { name }),
        file,
        ...(at !== undefined && { line: at }),
        ...(column !== undefined && { column }),
        ...(confidence !== undefined && { confidence }),
      },
      line,
    );
  }
}

const micros = (milliseconds: number): Micros => Math.round(milliseconds * MICROS_PER_MILLI);

/** What both sides have. */
function sharedOf(
  entry: JsonObject,
  request: JsonObject,
): Pick<ForeignClient, "id" | "conn" | "status" | "bytes" | "state" | "error"> {
  const response = objectOf(entry, "response");
  const status = naturalOf(response, "status");
  const received = naturalOf(response, "bodySize") ?? naturalOf(objectOf(response, "content"), "size");
  const parent = listOf(request, "headers").find((header) => textOf(header, "name")?.toLowerCase() === "traceparent");
  const id = traceIdOf(textOf(parent, "value"));
  const state = STATES.find((known) => known === fieldOf(entry, "_state"));
  const error = textOf(response, "_error") ?? textOf(entry, "_error") ?? textOf(response, "_failureText");
  const conn = textOf(entry, "_connection");
  const failed = state ?? (status ? undefined : "failed");
  return {
    ...(id !== undefined && { id }),
    ...(conn !== undefined && { conn }),
    ...(status ? { status } : {}),
    ...(received !== undefined && { bytes: received }),
    ...(failed && { state: failed }),
    ...(error !== undefined && { error }),
  };
}

const STATES: readonly Exclude<RequestState, "complete">[] = ["pending", "aborted", "failed"];

function detailsOf(entry: JsonObject): Pick<ForeignClient, "protocol" | "kind" | "cache"> {
  const kind = KINDS.get(textOf(entry, "_resourceType") ?? "");
  const cache = textOf(entry, "_fromCache");
  const http2 = /^(?:h2|http\/2)/i.test(textOf(objectOf(entry, "response"), "httpVersion") ?? "");
  return {
    ...(http2 && { protocol: "h2" }),
    ...(kind && { kind }),
    ...(cache !== undefined && { cache }),
  };
}

/** The client's stamps: our own exact ones, else from the start and the timings. */
function stampsOf(entry: JsonObject): Partial<ForeignClient> | { problem: string } {
  const own = readMarks(fieldOf(entry, "_marks"), "client");
  if (Object.keys(own).length > 0) return own as Partial<ForeignClient>;
  const start = isoTime(textOf(entry, "startedDateTime") ?? "");
  if (start === null) return { problem: "an entry whose startedDateTime is no time with a zone" };
  const timings = objectOf(entry, "timings");
  let at = start;
  /** Goes on by a timing; false where it did not apply. */
  const pass = (name: string): boolean => {
    const duration = numberOf(timings, name);
    if (duration === undefined || duration < 0 || duration > 1e10) return false;
    at += micros(duration);
    return true;
  };
  const stamps: Partial<ForeignClient> = { fetchStart: start };
  pass("blocked");
  const dns = at;
  if (pass("dns")) Object.assign(stamps, { domainLookupStart: dns, domainLookupEnd: at });
  const connect = at;
  if (pass("connect")) {
    const ssl = numberOf(timings, "ssl") ?? -1;
    const secure = at - micros(ssl);
    Object.assign(stamps, { connectStart: connect, connectEnd: at });
    if (ssl > 0 && secure >= connect) stamps.secureConnectionStart = secure;
  }
  const sent = at;
  if (!pass("send")) return { ...stamps, closed: sent };
  stamps.requestStart = sent;
  stamps.requestEnd = at;
  if (!pass("wait")) return { ...stamps, closed: at };
  stamps.responseStart = at;
  if (!pass("receive")) return { ...stamps, closed: at };
  stamps.responseEnd = at;
  return stamps;
}
