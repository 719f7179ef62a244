import { deepEqual, equal, rejects } from "node:assert/strict";
import { setImmediate as turn } from "node:timers/promises";
import { TimelyAnswers } from "../../../src/extension/timely-answers";

const NEVER = new Promise<never>(() => undefined);

/** Questions that are answered when the test says so, and waited for until the test says so. */
class Engine {
  readonly questions: { key: string; answer(value: string): void; fail(error: Error): void }[] = [];
  version: unknown = { session: 1 };
  late: () => Promise<void> = async () => undefined;
  private readonly answers = new TimelyAnswers<string>(() => this.late());

  get(key: string): Promise<string | undefined> {
    const ask = (): Promise<string> =>
      new Promise((answer, fail) => {
        this.questions.push({ key, answer, fail });
      });
    return this.answers.get(key, () => this.version, ask);
  }

  async answer(value: string): Promise<void> {
    this.questions.pop()!.answer(value);
    await turn();
  }
}

describe("answers within a deadline", () => {
  it("are there where they come in time, whatever the deadline", async () => {
    const engine = new Engine();
    engine.late = () => NEVER;
    const got = engine.get("line 1");
    engine.questions[0]!.answer("peer");
    equal(await got, "peer");
  });

  it("that come later are there when they are asked for again, and were asked for once", async () => {
    const engine = new Engine();
    equal(await engine.get("line 1"), undefined);
    equal(await engine.get("line 1"), undefined);
    equal(engine.questions.length, 1);
    await engine.answer("peer");
    equal(await engine.get("line 1"), "peer");
    equal(await engine.get("line 2"), undefined);
    deepEqual(
      engine.questions.map(({ key }) => key),
      ["line 2"],
    );
  });

  it("are forgotten once they may be others", async () => {
    const engine = new Engine();
    await engine.get("line 1");
    await engine.answer("no peer yet");
    engine.version = { session: 2 };
    equal(await engine.get("line 1"), undefined);
    await engine.answer("peer");
    equal(await engine.get("line 1"), "peer");
  });

  it("while they change all the time, are asked for again, and are the last one by the deadline", async () => {
    const engine = new Engine();
    engine.version = undefined;
    await engine.get("line 1");
    await engine.answer("no peer yet");
    equal(await engine.get("line 1"), "no peer yet");
    equal(engine.questions.length, 1);
    engine.late = () => NEVER;
    const got = engine.get("line 1");
    await engine.answer("peer");
    equal(await got, "peer");
  });

  it("that fail in time reject; later ones are asked for again", async () => {
    const engine = new Engine();
    await engine.get("line 1");
    engine.questions.pop()!.fail(new Error("late"));
    await turn();
    engine.late = () => NEVER;
    const got = engine.get("line 1");
    engine.questions.pop()!.fail(new Error("no such file"));
    await rejects(got, /no such file/);
  });

  it("are kept of the latest questions only", async () => {
    const engine = new Engine();
    for (let line = 1; line <= 1_000; line++) {
      await engine.get(`line ${line}`);
      await engine.answer(`peer ${line}`);
    }
    let kept = 0;
    for (let line = 1_000; line >= 1; line--) if ((await engine.get(`line ${line}`)) !== undefined) kept++;
    equal(await engine.get("line 1"), undefined);
    equal(kept < 100 && kept > 10, true, String(kept));
  });
});
