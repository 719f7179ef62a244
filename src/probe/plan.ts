/** What a probe is to do. */
import type { ScheduleProgress } from "../model/schedule";
import type { LaunchOptions } from "./browser/launch";
import type { HttpVersion } from "./dial";
import type { Header } from "./headers";
import type { LoadPlan } from "./load/load";
import type { ScriptPlan } from "./script/run";

export interface ProbePlan {
  urls: readonly URL[];
  /** With all that the page embeds. */
  page: boolean;
  /** Passes over all URLs. */
  count: number;
  method: string;
  headers: readonly Header[];
  body?: Buffer;
  /** To one origin at one time. */
  connections: number;
  /** A connection of its own for each request. */
  connectionPerRequest: boolean;
  /** Seconds for one request, from its connection's opening to its last byte. */
  timeout: number;
  /** Send a `traceparent` with each request. */
  trace: boolean;
  /** Accept any certificate. */
  insecure: boolean;
  /** Loads always speak 1.1. */
  http: HttpVersion;
  /** Many requests by a schedule or in a loop, instead of the URLs one after the other. */
  load?: LoadPlan;
  /** Request files, instead of the URLs. */
  script?: ScriptPlan;
  /** Load the URLs in a browser. */
  browser?: LaunchOptions;
  /** All of it again in each slot. */
  schedule?: ScheduleProgress;
  /** All of it is warm-up: left out of statistics. */
  warmup?: true;
}

/** As many as browsers open to a host. */
export const DEFAULT_CONNECTIONS = 6;
export const DEFAULT_LOAD_CONNECTIONS = 32;
export const DEFAULT_TIMEOUT_S = 30;
