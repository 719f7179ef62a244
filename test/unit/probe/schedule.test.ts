import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { scheduleOf } from "../../../src/cli/schedule-options";
import { encodeNative } from "../../../src/formats/native";
import { LogWriter } from "../../../src/log/writer";
import { fullHourFrom, secondsOf, slotsOf } from "../../../src/model/schedule";
import { parseTime } from "../../../src/probe/schedule";
import { resumeFrom, scheduleIn } from "../../../src/session/schedule-log";
import { cleanUp, httpServer, newFolder, probe } from "./support";

afterEach(cleanUp);

const events = (records: { type: string; name?: string }[]) =>
  records.flatMap((record) => (record.type === "event" ? [record.name] : []));

describe("a schedule", () => {
  it("is a pass per slot, each on fresh connections, told in the log", async () => {
    const url = await httpServer((_, response) => response.end());
    const start = Date.now();
    const schedule = { schedule: { start, every: 1_500, until: start + 3_200 }, done: 0 };
    const { requests, records } = await probe([url, url], { schedule });
    assert.deepEqual(
      requests.map(({ pass }) => pass),
      [1, 1, 2, 2, 3, 3],
    );
    assert.equal(new Set(requests.map(({ conn }) => conn)).size, 3);
    assert.deepEqual(events(records), ["schedule", "slot", "slot", "slot"]);
    const names = records.flatMap((record) =>
      record.type === "event" && record.name === "slot" ? [record.detail] : [],
    );
    assert(
      names.every((name) => /^\d\d:\d\d:\d\d$/.test(String(name))),
      "minutes would not tell these apart",
    );
    for (const [i, { fetchStart }] of requests.filter((_, at) => at % 2 === 0).entries())
      assert(fetchStart! / 1000 >= start + i * 1_500 - 1);
  });

  it("shows what it missed, and goes on with what is left", async () => {
    const url = await httpServer((_, response) => response.end());
    const now = Date.now();
    const schedule = { schedule: { times: [now - 200_000, now - 100_000, now + 50, now + 100_000] }, done: 1 };
    const controller = new AbortController();
    const { requests, records } = await probe(url, { schedule }, controller.signal, {
      seen: () => controller.abort(),
    });
    assert.deepEqual(events(records), ["slot missed", "slot"]);
    for (const record of records) if (record.type === "event") assert.match(String(record.detail), /^\d\d:\d\d$/);
    assert.deepEqual(
      requests.map(({ pass }) => pass),
      [3],
    );
  });

  it("can be read back from its log, whatever else is in it", async () => {
    const file = join(newFolder(), "client.ndjson");
    const event = (name: string, detail?: string) => encodeNative({ type: "event", seq: 1, time: 1, name, detail });
    const schedule = { start: 1000, every: 500, until: 9000 };
    writeFileSync(
      file,
      `torn{\n${event("schedule", JSON.stringify(schedule))}${event("slot", "10:30")}${event("load")}${event("slot missed")}`,
    );
    assert.deepEqual(resumeFrom(file), { schedule, done: 2 });
    assert.deepEqual(scheduleOf({ resume: true }, file), { schedule, done: 2 });
    writeFileSync(file, event("schedule", '{"start":1,"every":0,"until":5}'));
    assert.throws(() => resumeFrom(file), /holds no schedule/);
  });

  it("is running while the last writer of its log is there and has not ended it", async () => {
    const file = join(newFolder(), "client.ndjson");
    assert.equal(await scheduleIn(file), null);
    const schedule = { times: [1000, 2000, 3000] };
    const writer = new LogWriter({ file, role: "client" });
    writer.flush();
    assert.equal(await scheduleIn(file), null);
    writer.write({ type: "event", time: 1, name: "schedule", detail: JSON.stringify(schedule) });
    writer.write({ type: "event", time: 2, name: "slot", detail: "0:00" });
    writer.flush();
    assert.deepEqual(await scheduleIn(file), { schedule, done: 1, running: true });
    writer.close(1, "stopped");
    assert.deepEqual(await scheduleIn(file), { schedule, done: 1, running: false });
    const elsewhere = encodeNative({ ...writer.header, boot: "another boot" });
    writeFileSync(file, readFileSync(file, "utf8") + elsewhere);
    assert.deepEqual(await scheduleIn(file), { schedule, done: 1, running: false });
  });

  it("has its slots where they belong", () => {
    assert.deepEqual(slotsOf({ start: 0, every: 10, until: 30 }), [0, 10, 20, 30]);
    assert.deepEqual(slotsOf({ start: 0, every: 10, until: 29 }), [0, 10, 20]);
  });

  it("has an end proposed at a full hour to come", () => {
    const at = (hour: number, minute: number, day = 9) => new Date(2026, 1, day, hour, minute).getTime();
    assert.equal(fullHourFrom(at(17, 31)), at(18, 0));
    assert.equal(fullHourFrom(at(18, 0)), at(18, 0));
    assert.equal(fullHourFrom(at(23, 40)), at(0, 0, 10));
  });

  it("has its slots as far apart as people write it", () => {
    assert.deepEqual(["30m", "500ms", "2", "1.5h"].map(secondsOf), [1800, 0.5, 2, 5400]);
    for (const none of ["0s", "", "1d", "-2m", "m"]) assert.ok(Number.isNaN(secondsOf(none)), none);
  });

  it("takes times of the day, today's or else tomorrow's", () => {
    const noon = new Date(2026, 1, 9, 12, 0).getTime();
    assert.equal(parseTime("18:00", noon), new Date(2026, 1, 9, 18, 0).getTime());
    assert.equal(parseTime("9:30", noon), new Date(2026, 1, 10, 9, 30).getTime());
    assert.equal(parseTime("2026-02-09T18:00:00Z", noon), Date.UTC(2026, 1, 9, 18));
    for (const wrong of ["24:00", "noon", "18", "12:60"]) assert.throws(() => parseTime(wrong, noon), /is not a time/);
  });

  const wrong: [options: Parameters<typeof scheduleOf>[0], says: RegExp][] = [
    [{ every: 10 }, /needs both/],
    [{ until: "18:00" }, /needs both/],
    [{ every: 10, until: "18:00", at: "9:00" }, /either --at or/],
    [{ every: 0.001, until: "2099-01-01T00:00" }, /too many/],
    [{ every: 10, until: "2020-01-01T00:00" }, /is past/],
    [{ resume: true, every: 1 }, /log's own schedule/],
  ];
  for (const [options, says] of wrong)
    it(`that makes no sense is told: ${JSON.stringify(options)}`, () => assert.throws(() => scheduleOf(options), says));
  it("is none without its options", () => assert.equal(scheduleOf({}), undefined));
});
