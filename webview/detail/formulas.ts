/** The methodology's formulas with this request's numbers. Pure. */
import type { RequestDetail } from "../../src/protocol/messages";
import { exactMillis, known, millis, plusMinus } from "../words/numbers";

export interface Formula {
  name: string;
  /** µs. */
  value: number | null;
  formula: string;
  /** The formula's numbers in ms, beginning with "=", or an uncertainty; empty where the formula says all. */
  numbers: string;
}

export function formulas({ request: { durations, uncertainty, marks } }: RequestDetail): Formula[] {
  const lines: Formula[] = [
    {
      name: "R C",
      value: durations.clientResponse,
      formula: "R C,Load − Q Net,Client",
      numbers: sum([durations.wait, durations.load], ["wait", "load"]),
    },
    {
      name: "R S",
      value: durations.serverResponse,
      formula: "Q Net,Server − R S,Parse",
      numbers: sum([durations.parse, durations.process, durations.send], ["parse", "process", "send"]),
    },
    { name: "Network", value: durations.network, formula: "R C − R S", numbers: network(durations, uncertainty) },
  ];
  if (marks.arrival !== null)
    lines.push({
      name: "Queue",
      value: durations.queue,
      formula: "R S,Parse − Q S",
      numbers: uncertainty.queue ? `(${plusMinus(uncertainty.queue)})` : "",
    });
  const setup = sum(
    [durations.blocked, durations.dns, durations.connect, durations.tls],
    ["blocked", "look-up", "connect", "TLS"],
  );
  if (setup)
    lines.push({ name: "Before", value: total(durations), formula: "before Q Net,Client, not in R C", numbers: setup });
  return lines;
}

type Durations = RequestDetail["request"]["durations"];
type Uncertainty = RequestDetail["request"]["uncertainty"];

const total = ({ blocked, dns, connect }: Durations): number | null =>
  [blocked, dns, connect].reduce((sum: number | null, part) => (part === null ? sum : (sum ?? 0) + part), null);

/** `parse 0.4 + process 478.7 + send 1.2`: what is known and not nothing. */
function sum(parts: readonly (number | null)[], names: readonly string[]): string {
  const terms = parts.flatMap((part, at) => (known(part) && part > 0 ? [`${names[at]} ${millis(part)}`] : []));
  return terms.length ? `= ${terms.join(" + ")}` : "";
}

/** The two ways and the queue between them. Of what is less than its uncertainty only the most is told. */
function network({ networkUp, queue, networkDown }: Durations, half: Uncertainty): string {
  if (!known(networkUp) || !known(networkDown)) return "";
  const terms = [
    bounded("up", networkUp, half.networkUp),
    ...(known(queue) && queue !== 0 ? [bounded("queue", queue, half.queue)] : []),
    bounded("down", networkDown, half.networkDown),
  ];
  return `= ${terms.join(" + ")}`;
}

function bounded(name: string, value: number, half = 0): string {
  if (half === 0) return `${name} ${millis(value)}`;
  return half >= Math.abs(value)
    ? `${name} under ${millis(value + half)}`
    : `${name} ${millis(value)} ± ${millis(half)}`;
}

/** Name, value and formula in one line of text. */
export const formulaText = ({ name, value, formula, numbers }: Formula): string =>
  `${name} = ${exactMillis(value)} ms: ${formula} ${numbers}`.trimEnd();
