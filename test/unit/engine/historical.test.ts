import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openSession } from "../../../src/engine/node/open";
import { reportJson } from "../../../src/engine/report-json";
import type { Session } from "../../../src/engine/session";
import type { Report } from "../../../src/model/report";

const example = JSON.parse(readFileSync("test/fixtures/thesis/worked_example.json", "utf8"));
const code: Record<string, string> = example.raw_per_code;
const MST = -7 * 60;

async function withLogs(
  logs: Record<string, string>,
  check: (session: Session, report: Report) => void,
  zone: number | null = MST,
): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "historical-"));
  try {
    for (const [name, text] of Object.entries(logs)) writeFileSync(join(folder, name), text);
    const session = await openSession([folder], zone === null ? {} : { zone });
    check(session, JSON.parse([...reportJson(session.store)].join("")));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

describe("report on historical logs", () => {
  const spellings: Record<string, Record<string, string>> = {
    "as listed": {
      "time.txt": `${example.raw_listing_as_printed.browser.join("\n")}\n`,
      "server.log": `${example.raw_listing_as_printed.server.join("\n")}\n`,
    },
    "as the code writes it": {
      "time.txt": code.browser_time_txt_appendix_I!.replaceAll("\n", "\r\n"),
      projlog2: code.server_projlog2_appendix_H_strict!,
      http_log: code.server_http_log_if_timestamp_is_appendix_A!,
    },
  };
  for (const [name, logs] of Object.entries(spellings))
    it(`the worked example, ${name}: its stamps and results to the microsecond`, () =>
      withLogs(logs, (session, { requests, problems, clock }) => {
        assert.deepEqual(problems, []);
        assert.equal(requests.length, 1);
        const [request] = requests;
        assert.equal(request!.pairing, "order");
        const stamps: { mark: number; epoch_us: number | null }[] = example.stamps;
        const order = [
          "requestStart",
          "arrival",
          "parseStart",
          "parseEnd",
          "processEnd",
          "sendEnd",
          "responseStart",
          "responseEnd",
        ] as const;
        for (const { mark, epoch_us } of stamps)
          assert.equal(request!.marks[order[mark - 1]!], epoch_us, order[mark - 1]);
        const { clientResponse, serverResponse, network, parse, process, send } = request!.durations;
        assert.deepEqual([clientResponse, serverResponse, network], [1_920_000, 137_695, 1_782_305]);
        assert.deepEqual([parse, process, send], [6836, 129_883, 976]);
        const { server_minus_client_max: most, server_minus_client_min: least } = example.clock_offset_bound_us;
        assert.ok(clock!.offset - clock!.uncertainty <= least && clock!.offset + clock!.uncertainty >= most);
        // Every line of the request leads to it.
        for (const file of session.store.files) assert.equal(session.line(file.path, 1)?.index, 0, file.path);
      }));

  it("without a zone there is nothing but problems that name the way out", () =>
    withLogs(
      spellings["as listed"]!,
      (_, { requests, problems }) => {
        assert.deepEqual(requests, []);
        assert.equal(problems.length, 2);
        for (const { reason } of problems) assert.match(reason, /--zone ±HH:MM or the setting requestTimeline\.zone/);
      },
      null,
    ));
});
