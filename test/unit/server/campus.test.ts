import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdirSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { inFolder } from "../instrument/support";
import { CAMPUS, type Site, serving } from "./support";

const K = 1024;
/** The machine has a `cal`, which the calendar's pages are drawn with. */
const withCal = spawnSync("cal").error === undefined ? it : it.skip;

describe("the campus site", () => {
  it("has pages and pictures of the sizes that the methodology's measurements name", () =>
    serving({ root: CAMPUS }, async ({ ask }) => {
      const sizes = { "/": 9, "/graduate/gradrules.html": 28, "/calendar/": 2 };
      const pictures = { header: 11, "tv-1": 19, campus: 25, leshlaurie: 28, SA1: 30, PL1: 34, PE1: 42 };
      for (const [path, size] of Object.entries(sizes)) assert.equal((await ask(path)).body.length, size * K, path);
      for (const [name, size] of Object.entries(pictures)) {
        const { body, headers } = await ask(`/images/${name}.jpg`);
        assert.equal(body.length, size * K, name);
        assert.equal(headers["content-type"], "image/jpeg");
        assert.equal(body.toString("hex", 0, 3), "ffd8ff", "a JPEG by content");
      }
      const shared = await ask("/images/aboutcamp.gif");
      assert.deepEqual([shared.body.length, shared.body.toString("latin1", 0, 6)], [365, "GIF89a"]);
    }));

  it("embeds nothing that it does not have", () =>
    serving({ root: CAMPUS }, async ({ ask }) => {
      for (const page of ["/", "/graduate/gradrules.html", "/calendar/", "/404.html", "/cgi-bin/calendar.cgi"]) {
        const { text } = await ask(page);
        const links = [...text.matchAll(/(?:src|href)="(\/[^"#]*)"/g)].map((match) => match[1]!);
        assert.ok(links.length > 0, page);
        for (const link of new Set(links)) assert.equal((await ask(link)).status, 200, `${page} → ${link}`);
      }
    }));

  withCal("draws up a month, a form without arguments, and refuses what is no month", () =>
    serving({ root: CAMPUS }, async ({ ask, records, handler }) => {
      const month = await ask("/cgi-bin/calendar.cgi?3+1993");
      assert.match(month.text, /March 1993/);
      assert.ok(Math.abs(month.body.length - 598) < 40, `${month.body.length} bytes`);
      assert.match((await ask("/cgi-bin/calendar.cgi?month=3&year=1993")).text, /March 1993/);
      assert.match((await ask("/cgi-bin/calendar.cgi")).text, /<form/);
      for (const query of ["13+1993", "3+0", "3+1993;id", "month=&year=", "%24%28id%29+1"])
        assert.equal((await ask(`/cgi-bin/calendar.cgi?${query}`)).status, 400, query);
      const [first] = await records(8);
      assert.equal(handler(first!), "examples/campus/cgi-bin/calendar.cgi");
      assert.equal(first!.children?.filter(({ kind }) => kind === "cgi").length, 1);
    }),
  );

  it("says so where the machine has no cal", () =>
    inFolder(async (folder) => {
      const path = process.env.PATH;
      mkdirSync(join(folder, "bin"));
      symlinkSync("/bin/sh", join(folder, "bin", "sh"));
      process.env.PATH = join(folder, "bin");
      try {
        await serving({ root: CAMPUS }, async ({ ask }) => {
          const { status, text } = await ask("/cgi-bin/calendar.cgi?3+1993");
          assert.deepEqual([status, /no <code>cal<\/code>/.test(text)], [200, true]);
        });
      } finally {
        process.env.PATH = path;
      }
    }));

  withCal("has the same calendar as a process and as a program that is kept running", async () => {
    const answers = async ({ ask, records, handler }: Site): Promise<{ pages: string[]; program?: string }> => {
      const pages: string[] = [];
      for (const query of ["", "?3+1993", "?9+1752", "?2+2000", "?month=12&year=1999", "?13+1"]) {
        const { status, text } = await ask(`/cgi-bin/calendar.cgi${query}`);
        pages.push(`${status} ${text}`);
      }
      const [record] = await records(pages.length);
      return { pages, program: handler(record!) };
    };
    const started = await serving({ root: CAMPUS }, answers);
    const kept = await serving({ root: CAMPUS, cgiMode: "persistent" }, answers);
    assert.deepEqual(kept.pages, started.pages);
    assert.equal(started.program, "examples/campus/cgi-bin/calendar.cgi");
    assert.equal(kept.program, "examples/campus/cgi-bin/calendar.persistent");
  });
});
