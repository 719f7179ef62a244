import assert from "node:assert/strict";
import { detailOf } from "../../../src/engine/detail";
import { reportCsv } from "../../../src/engine/report-csv";
import { reportJson } from "../../../src/engine/report-json";
import { reportMarkdown } from "../../../src/engine/report-markdown";
import { reportTable } from "../../../src/engine/report-table";
import { Session } from "../../../src/engine/session";
import { nativeFormat } from "../../../src/formats/native-format";
import type { LogRecord } from "../../../src/model/record";
import type { Report } from "../../../src/model/report";
import { clientRecord, EPOCH, header, logText, requestId, serverRecord } from "./sample-logs";

function session(logs: Record<string, string>): Session {
  const made = new Session("/s", "s\u001b[31m<b>", "/s");
  for (const [name, text] of Object.entries(logs)) {
    const decoder = nativeFormat.open(made.store.addFile(`/s/${name}`, name), { file: name });
    decoder.push(new TextEncoder().encode(text));
    decoder.end();
  }
  return made;
}

const HOSTILE = '/=cmd|"x",<img src=x>\u001b[2J|`a`\n';
const logs = {
  "client.ndjson": logText(
    header("client"),
    clientRecord(1, 0, { id: requestId(1), bytes: 598 }),
    clientRecord(2, 500, { id: requestId(2), url: `http://h${HOSTILE}`, warmup: true }),
  ),
  "server.ndjson": logText(
    header("server"),
    serverRecord(1, 20, { id: requestId(1), route: "/:n" }),
    serverRecord(2, 520, { id: requestId(2), target: HOSTILE }),
    serverRecord(3, 800),
  ),
};

describe("the report", () => {
  it("as JSON is one document, whatever its parts, with every request once", () => {
    const report = JSON.parse([...reportJson(session(logs).store)].join("")) as Report;
    assert.equal(report.schema, "request-timeline/report@1");
    assert.equal(report.requests.length, 3);
    assert.deepEqual(report.requests[2]?.flags, ["interference"]);
    assert.deepEqual(
      report.summary.byRoute.map(({ key, count }) => [key, count]),
      [["GET /:n", 1]],
    );
    assert.equal(report.summary.byRoute[0]?.clientResponse?.p50, 110);
    assert.equal(report.clock?.samples, 2);
    assert.deepEqual(
      report.clocks.map(({ server, client, quality }) => [server, client, quality]),
      [["server.ndjson", "client.ndjson", "exact"]],
    );
    assert.deepEqual(report.problems, []);
  });

  it("tells how far a request got that failed, and why, of few and of many", () => {
    const error = "127.0.0.1:1 refused the connection: nothing listens there, and this sentence is not shortened";
    const failed = (number: number) =>
      clientRecord(number, 0, {
        state: "failed",
        error,
        fetchStart: EPOCH,
        connectStart: EPOCH + 1,
        requestStart: undefined,
        responseStart: undefined,
        responseEnd: undefined,
      });
    const few = session({ "client.ndjson": logText(header("client"), clientRecord(1, 0), failed(2)) });
    const many = session({
      "client.ndjson": logText(header("client"), ...Array.from({ length: 300 }, (_, i) => failed(i + 1))),
    });
    const row = few.store.spine.rows().at(-1);
    assert.ok(detailOf(few.store, row!).notes.includes(`What went wrong: ${error}.`));
    for (const report of [reportTable, reportMarkdown]) {
      const line = [...report(few)]
        .join("")
        .split("\n")
        .find((text) => text.includes(error));
      assert.match(line!, /connectStart/);
      assert.match([...report(many)].join(""), new RegExp(`300 .*${error}`));
    }
  });

  it("as JSON of nothing is a report of nothing", () => {
    const report = JSON.parse([...reportJson(session({}).store)].join("")) as Report;
    assert.deepEqual([report.requests, report.clock, report.clocks], [[], null, []]);
  });

  it("tells what the hook cost, over all servers, each counted once and with its last word", () => {
    const cost = (sequence: number, perRequest: number, requests: number): LogRecord => ({
      type: "cost",
      seq: sequence,
      perRequest,
      requests,
    });
    const costly = session({
      "server.ndjson": logText(header("server"), cost(1, 9, 1_024), cost(2, 5, 3_000)),
      "copy.ndjson": logText(header("server"), cost(1, 9, 1_024), cost(2, 5, 3_000)),
      "server.b.ndjson": logText(header("server", { log: "b".repeat(16), writer: "b" }), cost(1, 8, 1_000)),
    });
    const sentence = "The hook cost 5.8 µs per request (4,000 requests).\n";
    assert.ok([...reportTable(costly)].join("").includes(sentence));
    assert.ok([...reportMarkdown(costly)].join("").includes(sentence));
    const { cost: told } = JSON.parse([...reportJson(costly.store)].join("")) as Report;
    assert.deepEqual(told, { perRequest: 5.8, requests: 4_000 });
    assert.ok(![...reportTable(session(logs))].join("").includes("The hook cost"));
  });

  it("sends no control character of a log to a terminal", () => {
    const table = [...reportTable(session(logs))].join("");
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not be there
    assert.doesNotMatch(table, /[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/);
    assert.match(table, /110 µs +30 µs +80 µs/);
  });

  it("as a table has its numbers right-aligned", () => {
    const lines = [...reportTable(session(logs))].join("").split("\n");
    const head = lines.findIndex((line) => line.startsWith("method"));
    const end = lines[head]!.indexOf("R C") + 3;
    for (const line of lines.slice(head + 2, head + 4)) assert.match(line.slice(0, end), / µs$/);
  });

  it("as Markdown keeps a log's text from being markup", () => {
    const markdown = [...reportMarkdown(session(logs))].join("");
    assert.doesNotMatch(markdown, /(?<!\\)[<`]/);
    const widths = markdown
      .split("\n")
      .filter((line) => line.startsWith("| "))
      .map((line) => line.match(/(?<!\\)\|/g)?.length);
    assert.equal(new Set(widths).size, 2, "as many cells in every row of a table");
  });

  it("as Markdown fits into a comment on a pull request, whatever the session, and says what it leaves out", () => {
    const numbers = Array.from({ length: 3_000 }, (_, at) => at + 1);
    const long = (number: number) => `/a/path/of/usual/length/in/an/application/${number % 400}?page=${number}`;
    const many = session({
      "client.ndjson": logText(
        header("client"),
        ...numbers.map((number) =>
          clientRecord(number, number * 500, { id: requestId(number), url: `http://h${long(number)}` }),
        ),
      ),
      "server.ndjson": `${logText(
        header("server"),
        ...numbers.map((number) =>
          serverRecord(number, number * 500 + 20, { id: requestId(number), target: long(number) }),
        ),
      )}${"torn\n".repeat(500)}`,
    });
    const markdown = [...reportMarkdown(many)].join("");
    assert.ok(markdown.length < 65_536, `${markdown.length} characters`);
    assert.match(markdown, /… and 350 more\.\n/);
    assert.match(markdown, /## Slowest 20 of 3,000 requests/);
    assert.match(markdown, /- … and 480 more\n$/);
    const table = [...reportTable(many)].join("");
    assert.ok(table.split("\n").length < 120, "and a table onto some screens of a terminal");
    assert.match(table, /the slowest 10\n/);
  });

  it("as CSV quotes what needs it and makes no formula of a path", () => {
    const csv = [
      ...reportCsv(
        session({ "s.ndjson": logText(header("server"), serverRecord(1, 0, { target: "=1+1", route: 'a,"b"' })) })
          .store,
      ),
    ].join("");
    const [head, row] = csv.split("\r\n");
    assert.ok(row?.includes(`'=1+1,"a,""b"""`), row);
    assert.ok(head?.startsWith("id,method,url,route"));
  });
});
