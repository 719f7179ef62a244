import assert from "node:assert/strict";
import { get } from "node:http";
import { recordsOf, serving } from "./support";

describe("the cost of the instrumentation", () => {
  it("is logged, for each request some microseconds", async () => {
    let log = "";
    let records: ReturnType<typeof recordsOf> = [];
    await serving(
      (_, response) => response.end("done"),
      async ({ port, instrument, log: file }) => {
        log = file;
        for (let i = 0; i < 40; i++)
          await new Promise((done) => get({ port }, (response) => response.resume().on("end", done)));
        instrument.stop();
        records = recordsOf(log);
      },
    );
    const cost = records.find((record) => record.type === "cost");
    assert.equal(cost?.requests, 40);
    assert.ok(cost.perRequest > 0 && cost.perRequest < 10_000);
  });
});
