/** What a report says of a session before its numbers: which commit, which machines, which logs, clocks and cost. */
import { hookCost, hookCostSentence } from "./hook-cost";
import type { LogPart } from "./log-part";
import type { Session } from "./session";

/** As `2026-11-25 10:15:40 UTC`; µs since the epoch. */
export const utcTime = (time: number): string =>
  `${new Date(time / 1000).toISOString().slice(0, 19).replace("T", " ")} UTC`;

/** More logs than a reader wants by name. */
const MOST_LOGS = 8;

/** Name and text; those of which nothing is known are left out. */
export function reportFacts(session: Session): [name: string, text: string][] {
  const { store } = session;
  const { base, span, clockSentence, problems } = session.info();
  const each = (of: (part: LogPart) => string | undefined): string[] => [
    ...new Set(store.parts.map(of).filter((text) => text !== undefined)),
  ];
  const logs = each(({ label }) => label);
  const cost = hookCost(store);
  const facts: [string, string][] = [
    ["Recorded", Number.isNaN(store.base) ? "" : `${utcTime(base + span[0])} to ${utcTime(base + span[1])}`],
    ["Commit", each(({ header }) => header?.commit).join(", ")],
    ["Machine", each(machine).join("; ")],
    [
      "Logs",
      logs.length > MOST_LOGS
        ? `${logs.slice(0, MOST_LOGS).join(", ")} and ${logs.length - MOST_LOGS} more`
        : logs.join(", "),
    ],
    ["Clocks", clockSentence ?? ""],
    ["Instrumentation", cost ? hookCostSentence(cost) : ""],
    ["Problems", problems === 0 ? "none: every line of the logs was read" : `${problems}, listed below`],
  ];
  return facts.filter(([, text]) => text !== "");
}

const machine = ({ header }: LogPart): string | undefined =>
  header ? [header.host, header.runtime].filter((text) => text !== "unknown").join(", ") : undefined;
