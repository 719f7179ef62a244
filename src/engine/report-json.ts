/** `report --json` (DESIGN 5.2), in parts: a million requests exceed the longest string. */
import type { ClockRelation } from "../model/clock";
import { REPORT_SCHEMA, type Report, type ReportClock } from "../model/report";
import { STUDY } from "../model/workload";
import { hookCost } from "./hook-cost";
import { groupSummaries, type ReportChoices } from "./report-choices";
import { assemble } from "./request";
import { summariseSlots } from "./slot-summary";
import { statisticsBy } from "./statistics";
import type { Store } from "./store";
import { workloadOf } from "./workload";

const ROWS_A_PART = 256;

export function* reportJson(store: Store, choices: ReportChoices = {}): Generator<string> {
  yield `{"schema":${JSON.stringify(REPORT_SCHEMA)},\n"requests":[`;
  let part = "";
  let count = 0;
  for (let row = 0; row < store.rows.length; row++) {
    if (store.rows.isEmpty(row)) continue;
    part += `${count === 0 ? "\n" : ",\n"}${JSON.stringify(assemble(store, row))}`;
    if (++count % ROWS_A_PART !== 0) continue;
    yield part;
    part = "";
  }
  const relations = store.clocks.list();
  const bySlot = summariseSlots(store);
  const rest: Omit<Report, "schema" | "requests"> = {
    clock: mainClock(relations),
    clocks: allClocks(relations),
    cost: hookCost(store),
    summary: {
      byRoute: statisticsBy(store, "route", choices),
      ...groupSummaries(store, choices),
      ...(bySlot.length > 0 && { bySlot }),
    },
    ...(choices.workload && { workload: { ...workloadOf(store, choices.workload), study: STUDY } }),
    problems: store.problems.list(),
  };
  yield `${part}\n],\n${JSON.stringify(rest).slice(1)}\n`;
}

const samplesOf = (relation: ClockRelation): number => relation.epochs.reduce((sum, epoch) => sum + epoch.samples, 0);

/** The pair of logs with most pairs, at the middle of its time; null where there is nothing to align. */
function mainClock(relations: readonly ClockRelation[]): ReportClock | null {
  let best: ClockRelation | null = null;
  for (const relation of relations) if (best === null || samplesOf(relation) > samplesOf(best)) best = relation;
  const known = best?.epochs.filter((epoch) => epoch.quality !== "none") ?? [];
  const [first] = known;
  const last = known.at(-1);
  if (!best || !first || !last) return null;
  const middle = (first.from + last.to) / 2;
  const epoch = known.find((candidate) => candidate.to >= middle) ?? last;
  const { at, offset, uncertainty, drift } = epoch;
  return { offset, uncertainty, drift, at, samples: samplesOf(best), method: best.method };
}

const allClocks = (relations: readonly ClockRelation[]): Report["clocks"] =>
  relations.flatMap(({ server, client, epochs }) =>
    epochs.map(({ from, to, offset, uncertainty, drift, quality }) => ({
      server,
      client,
      from,
      to,
      offset,
      uncertainty,
      drift,
      quality,
    })),
  );
