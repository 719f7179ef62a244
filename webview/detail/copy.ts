/** A request as text, for a mail or an issue, and as JSON, as `report --json` writes it. Pure. */
import type { RequestDetail } from "../../src/protocol/messages";
import { clockTime } from "../words/clock";
import { bytes, exactMillis, percent } from "../words/numbers";
import { formulas, formulaText } from "./formulas";
import { marksTable } from "./marks-table";

export const asJson = ({ request }: RequestDetail): string => `${JSON.stringify(request, null, 2)}\n`;

export function asText(detail: RequestDetail, aligned: boolean): string {
  const { request } = detail;
  const { handler } = request;
  const head = `${request.method} ${request.url} ${request.status ?? request.state} ${request.bytes === null ? "" : bytes(request.bytes)}`;
  const lines = [head.trimEnd(), ""];
  for (const lane of marksTable(detail, aligned)) {
    lines.push(`${lane.clock} (shares of ${lane.whole})`);
    for (const { caption, symbol, time, since, lasts, share } of lane.lines) {
      if (time === null) continue;
      const cells = [caption.padEnd(28), symbol.padEnd(14), clockTime(time), exactMillis(since).padStart(12)];
      if (lasts !== null) cells.push(exactMillis(lasts).padStart(12));
      if (share !== null) cells.push(percent(share).padStart(8));
      lines.push(`  ${cells.join("  ")}`);
    }
  }
  lines.push("", ...formulas(detail).map(formulaText));
  if (handler) lines.push(`handler ${handler.file}${handler.line === null ? "" : `:${handler.line}`}`);
  return `${[...lines, ...detail.notes].join("\n")}\n`;
}
