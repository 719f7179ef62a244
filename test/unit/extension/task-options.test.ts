import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Command } from "commander";
import { addProbe } from "../../../src/cli/commands/probe";
import { addServe } from "../../../src/cli/commands/serve";
import { isTaskDefinition, taskArguments } from "../../../src/extension/task-definition";

const manifest = JSON.parse(readFileSync(join(__dirname, "../../../package.json"), "utf8"));
const properties: Record<string, unknown> = manifest.contributes.taskDefinitions[0].properties;
const type = "requestTimeline" as const;

/** A value of each kind that a task's option can have. */
const VALUES = [true, 1, "none", "process", "auto", "x", ["x"], { a: "x" }];
const valueFor = (name: string) => VALUES.find((value) => isTaskDefinition({ type, [name]: value }));

/** The command's options as tasks name them, less those that a task gives another way. */
function optionsOf(add: (program: Command) => void, others: readonly string[]): string[] {
  const program = new Command();
  add(program);
  return program.commands[0]!.options.map(({ long }) => long!.slice(2))
    .filter((flag) => !others.includes(flag))
    .map((flag) => flag.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase()));
}

const words = (definition: object) => {
  assert.ok(isTaskDefinition(definition));
  return taskArguments(definition, "/s");
};

describe("a task's options", () => {
  it("are those that package.json describes", () => {
    for (const name of Object.keys(properties)) assert.notEqual(valueFor(name), undefined, name);
    assert.equal(valueFor("unheard"), undefined);
  });

  for (const [command, add, others, end] of [
    ["serve", addServe, ["root", "log"], { serve: "." }],
    ["probe", addProbe, ["log", "json"], { urls: ["http://h/"] }],
  ] as const)
    for (const name of optionsOf(add, others))
      it(`have ${command}'s ${name}, which reaches its command line`, () => {
        assert.ok(name in properties);
        const flag = `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
        assert.ok(words({ type, ...end, [name]: valueFor(name) }).includes(flag), flag);
      });
});
