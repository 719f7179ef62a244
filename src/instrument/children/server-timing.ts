/**
 * What a response's Server-Timing header tells its client: durations, which have no start, and the server's own trace id
 * (`traceparent;desc="00-…"`), by which a client that sent none knows the request.
 */
import type { Exchange } from "../exchange";
import { addChild } from "./child";

const HEADER = /\r\nserver-timing:([^\r\n]*)/gi;
/** One metric: a name, then parameters; quoted strings may hold commas. */
const METRIC =
  /([!#$%&'*+.^_`|~0-9A-Za-z-]+)((?:\s*;\s*[!#$%&'*+.^_`|~0-9A-Za-z-]+(?:\s*=\s*(?:"(?:[^"\\]|\\.)*"|[^\s;,"]*))?)*)/g;
const DURATION = /;\s*dur\s*=\s*"?([0-9.eE+-]+)/i;
const DESCRIPTION = /;\s*desc\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s;,"]+))/i;

/** Adds the metrics of a response's head that have a duration; takes its id where the request had none. */
export function addServerTiming(exchange: Exchange, head: string): void {
  if (!head.includes("iming:")) return;
  for (const [, header] of head.matchAll(HEADER))
    for (const [, name, parameters] of header!.matchAll(METRIC)) {
      const milliseconds = Number(DURATION.exec(parameters!)?.[1]);
      const isId = name === "traceparent" && exchange.traceparent === "";
      if (!Number.isFinite(milliseconds) && !isId) continue;
      const described = DESCRIPTION.exec(parameters!);
      const description = described?.[1]?.replace(/\\(.)/g, "$1") ?? described?.[2];
      if (isId && description) exchange.traceparent = description;
      if (!Number.isFinite(milliseconds)) continue;
      addChild(exchange, {
        kind: "server-timing",
        name: description ? `${name} (${description})` : name!,
        duration: milliseconds * 1_000,
      });
    }
}
