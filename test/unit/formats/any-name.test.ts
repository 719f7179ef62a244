/** A file's name says nothing: each format is told by its content, under any name and every other format's ending. */
import assert from "node:assert/strict";
import { encodeHar } from "../../../src/formats/har-out";
import { encodeNative } from "../../../src/formats/native";
import { encodeOtlp } from "../../../src/formats/otlp-out";
import { opened, session, written } from "./exchange";
import { decode } from "./stamps";

const COMMON = '127.0.0.1 - - [10/Feb/1999:10:15:40 -0700] "GET /a HTTP/1.0" 200 9216\n';
const ENDINGS = ["session.ndjson", "session.har", "session.jsonl", "access.log", "noname"];

describe("a format", () => {
  it("is told by its content, whatever the file is called", async () => {
    const { items } = await session("one boot");
    const native = decode(written(encodeHar, items)).records.flatMap((record) =>
      record.type === "stamp" ? [] : [encodeNative(record)],
    );
    const texts = [native.join(""), written(encodeHar, items), written(encodeOtlp, items), COMMON];
    for (const text of texts) {
      const all = await Promise.all(ENDINGS.map((name) => opened({ [name]: text })));
      const marks = all.map(({ items: found, problems }) => [found.map(({ request }) => request.marks), problems]);
      assert.ok(all[0]!.items.length > 0);
      for (const one of marks) assert.deepEqual(one, marks[0]);
    }
  });
});
