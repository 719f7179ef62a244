/** The eight marks of a request as a table of numbers, lane by lane. Pure. */
import { type Clock, type MarkKey, marksOf } from "../../src/model/marks";
import type { RequestDetail } from "../../src/protocol/messages";

export interface MarkLine {
  key: MarkKey;
  symbol: string;
  caption: string;
  /** µs since the epoch on the mark's own clock; null: unknown. Of an interval the middle. */
  time: number | null;
  /** Half the interval, µs; 0 for an exact stamp. */
  half: number;
  /** µs since the request's start, on one axis where the clocks can be aligned; null: unknown. */
  since: number | null;
  /** To the next known mark of the lane, µs. */
  lasts: number | null;
  /** Of R C or R S, 0 to 1. */
  share: number | null;
}

export interface Lane {
  clock: Clock;
  /** What the shares are of. */
  whole: "R C" | "R S";
  lines: MarkLine[];
}

/** `aligned`: the server's marks are put on the client's axis. */
export function marksTable(detail: RequestDetail, aligned: boolean): Lane[] {
  return [laneOf(detail, "client", aligned), laneOf(detail, "server", aligned)].filter((lane) =>
    lane.lines.some((line) => line.time !== null),
  );
}

function laneOf(detail: RequestDetail, clock: Clock, aligned: boolean): Lane {
  const { durations } = detail.request;
  const offset = clock === "server" && aligned ? (detail.offset?.value ?? 0) : 0;
  const start = startOf(detail, clock, aligned);
  const whole = clock === "client" ? durations.clientResponse : durations.serverResponse;
  const lines = marksOf(clock).map(({ key, symbol, caption }): MarkLine => {
    const { time, half } = stampOf(detail, key, aligned);
    return {
      key,
      symbol,
      caption,
      time,
      half,
      since: time === null ? null : time - offset - start,
      lasts: null,
      share: null,
    };
  });
  lines.forEach((line, at) => {
    const next = lines.slice(at + 1).find((later) => later.time !== null);
    if (line.time === null || !next) return;
    line.lasts = next.time! - line.time;
    // Arrival is before R S: what lasts until the server looks is the queue.
    if (whole && line.key !== "arrival") line.share = line.lasts / whole;
  });
  return { clock, whole: clock === "client" ? "R C" : "R S", lines };
}

function stampOf({ request }: RequestDetail, key: MarkKey, aligned: boolean): Pick<MarkLine, "time" | "half"> {
  const { marks, durations, uncertainty } = request;
  const stamp = marks[key];
  if (!Array.isArray(stamp)) return { time: stamp as number | null, half: 0 };
  // Aligned with its client's marks an arrival is known better than the server logged it: as the queue is.
  if (aligned && durations.queue !== null && marks.parseStart !== null)
    return { time: marks.parseStart - durations.queue, half: uncertainty.queue ?? 0 };
  return { time: (stamp[0] + stamp[1]) / 2, half: (stamp[1] - stamp[0]) / 2 };
}

/** What "since start" counts from: the client's first mark if the two clocks can be compared, else the lane's own. */
function startOf({ request: { marks }, offset }: RequestDetail, clock: Clock, aligned: boolean): number {
  const comparable = clock === "client" || offset !== null || !aligned;
  const own = clock === "client" ? marks.requestStart : marks.parseStart;
  return (comparable ? marks.requestStart : null) ?? own ?? marks.arrival?.[0] ?? marks.responseStart ?? 0;
}
