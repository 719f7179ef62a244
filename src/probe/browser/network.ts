/** What the protocol's Network events tell of each request, brought together. Times as the protocol has them. */
import type { Params } from "./devtools";

/** ms from `requestTime` (s, monotonic); −1 where a phase did not take place. */
export interface Timing {
  requestTime: number;
  dnsStart: number;
  dnsEnd: number;
  connectStart: number;
  connectEnd: number;
  sslStart: number;
  sendStart: number;
  sendEnd: number;
  receiveHeadersStart?: number;
  receiveHeadersEnd: number;
}

export interface Response {
  status: number;
  mimeType: string;
  protocol?: string;
  connectionId: number;
  fromDiskCache?: boolean;
  fromServiceWorker?: boolean;
  fromPrefetchCache?: boolean;
  encodedDataLength: number;
  headers: Record<string, string>;
  timing?: Timing;
}

export interface BrowserRequest {
  /** Number of the request in the log. */
  req: number;
  hop?: number;
  page?: number;
  url: string;
  method: string;
  /** The protocol's resource type: Document, Image, … */
  type: string;
  /** What asked for it: `type`, and where. */
  initiator: string;
  /** s, monotonic; and the wall clock's s at the same instant. */
  issued: number;
  wall: number;
  response: Response | null;
  /** s, monotonic; null while it is under way. */
  ended: number | null;
  /** The body's bytes, as received. */
  bytes: number;
  fromMemory: boolean;
  /** The server said 304, and the browser made a 200 of it. */
  revalidated: boolean;
  /** Chromium's error, such as net::ERR_CONNECTION_REFUSED. */
  error: string | null;
  canceled: boolean;
}

/** Connections that stay open by design: a page is done without them. */
const ENDLESS = new Set(["EventSource", "WebSocket", "WebTransport"]);

interface Sent {
  requestId: string;
  request: { url: string; method: string };
  timestamp: number;
  wallTime: number;
  initiator: {
    type: string;
    url?: string;
    lineNumber?: number;
    stack?: { callFrames: { url: string; lineNumber: number }[] };
  };
  redirectResponse?: Response;
  type?: string;
  frameId?: string;
}

export class NetworkRecorder {
  readonly requests: BrowserRequest[] = [];
  /** Bumped whenever something happens. */
  changes = 0;
  private readonly open = new Map<string, BrowserRequest>();
  private readonly latest = new Map<string, BrowserRequest>();
  private document: BrowserRequest | null = null;

  /** `frame`: the page's main frame. */
  constructor(
    private readonly frame: string,
    private readonly number: () => number,
  ) {}

  /** The main document's last hop. */
  get mainDocument(): BrowserRequest | null {
    return this.document;
  }

  /** Whether requests are under way that the page may wait for: `unread` where all of those have been answered. */
  get state(): "idle" | "unread" | "busy" {
    let state: "idle" | "unread" = "idle";
    for (const { type, response } of this.open.values()) {
      if (ENDLESS.has(type)) continue;
      if (!response) return "busy";
      state = "unread";
    }
    return state;
  }

  handle(method: string, params: Params, sessionId: string): void {
    const key = `${sessionId} ${params.requestId as string}`;
    const request = this.open.get(key);
    this.changes++;
    switch (method) {
      case "Network.requestWillBeSent":
        this.sent(key, params as unknown as Sent);
        break;
      case "Network.requestServedFromCache":
        if (request) request.fromMemory = true;
        break;
      case "Network.responseReceivedExtraInfo": {
        // May come after the request's end.
        const latest = this.latest.get(key);
        if (latest && params.statusCode === 304) latest.revalidated = true;
        break;
      }
      case "Network.responseReceived":
        if (request) {
          request.response = params.response as Response;
          request.type = params.type as string;
        }
        break;
      case "Network.loadingFinished":
        if (request) {
          request.bytes = Math.max(
            0,
            (params.encodedDataLength as number) - (request.response?.encodedDataLength ?? 0),
          );
          this.end(key, request, params.timestamp as number);
        }
        break;
      case "Network.loadingFailed":
        if (request) {
          request.error = params.errorText as string;
          request.canceled = params.canceled === true;
          this.end(key, request, params.timestamp as number);
        }
        break;
    }
  }

  private sent(key: string, sent: Sent): void {
    if (!/^https?:/.test(sent.request.url)) return;
    const before = this.open.get(key);
    if (before && sent.redirectResponse) {
      before.response = sent.redirectResponse;
      const { timing } = sent.redirectResponse;
      this.end(key, before, timing ? timing.requestTime + timing.receiveHeadersEnd / 1000 : sent.timestamp);
    }
    const isMain = sent.type === "Document" && sent.frameId === this.frame;
    const request: BrowserRequest = {
      req: this.number(),
      hop: before?.req,
      page: isMain ? undefined : this.document?.req,
      url: sent.request.url,
      method: sent.request.method,
      type: sent.type ?? "Other",
      initiator: initiatorOf(sent),
      issued: sent.timestamp,
      wall: sent.wallTime,
      response: null,
      ended: null,
      bytes: 0,
      fromMemory: false,
      revalidated: false,
      error: null,
      canceled: false,
    };
    if (isMain) this.document = request;
    this.requests.push(request);
    this.open.set(key, request);
    this.latest.set(key, request);
  }

  private end(key: string, request: BrowserRequest, time: number): void {
    request.ended = time;
    this.open.delete(key);
  }
}

/** `parser http://host/page:12`, lines from 1. */
function initiatorOf({ initiator: { type, url, lineNumber, stack } }: Sent): string {
  const frame = stack?.callFrames[0];
  const file = url ?? frame?.url;
  const line = url === undefined ? frame?.lineNumber : lineNumber;
  return [type, file && (line === undefined ? file : `${file}:${line + 1}`)].filter(Boolean).join(" ");
}
