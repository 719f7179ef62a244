/** The eight marks of a request: points in time, three on the client's clock and five on the server's. */

export type Clock = "client" | "server";

export interface MarkDefinition {
  readonly number: number;
  readonly key: string;
  /** The methodology's symbol, shown in the interface (Dilley & Friedrich; Tsai 1999, figure 2.4). */
  readonly symbol: string;
  readonly caption: string;
  readonly clock: Clock;
}

/** In the methodology's order. A mark's duration runs to the next mark of its own clock (its lane). */
export const MARKS = [
  { number: 1, key: "requestStart", symbol: "Q Net,Client", caption: "Client sends request", clock: "client" },
  { number: 2, key: "arrival", symbol: "Q S", caption: "Request arrives at Web server", clock: "server" },
  { number: 3, key: "parseStart", symbol: "R S,Parse", caption: "Request at server", clock: "server" },
  { number: 4, key: "parseEnd", symbol: "R S,Proc", caption: "Parsing complete", clock: "server" },
  { number: 5, key: "processEnd", symbol: "R S,Net", caption: "Processing complete", clock: "server" },
  { number: 6, key: "sendEnd", symbol: "Q Net,Server", caption: "Sending complete", clock: "server" },
  { number: 7, key: "responseStart", symbol: "Q Client", caption: "Client received header", clock: "client" },
  { number: 8, key: "responseEnd", symbol: "R C,Load", caption: "Client finished receiving", clock: "client" },
] as const satisfies readonly MarkDefinition[];

export type MarkKey = (typeof MARKS)[number]["key"];

/** The client's further stamps (W3C Resource Timing), before and around mark 1. */
export const CLIENT_PHASE_KEYS = [
  "intendedStart",
  "fetchStart",
  "domainLookupStart",
  "domainLookupEnd",
  "connectStart",
  "secureConnectionStart",
  "connectEnd",
  "requestEnd",
  "responseHeadersEnd",
] as const;

export type ClientPhaseKey = (typeof CLIENT_PHASE_KEYS)[number];

export const marksOf = (clock: Clock): readonly (typeof MARKS)[number][] =>
  MARKS.filter((mark) => mark.clock === clock);
