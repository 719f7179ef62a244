/** `request-timeline convert` (DESIGN 5.1): sessions and logs in other people's formats, and theirs in ours. */
import { type Command, Option } from "commander";
import { exchanged } from "../../engine/exchanged";
import { filesOf, isFolder } from "../../engine/node/discover";
import { openSession } from "../../engine/node/open";
import { nativeLines } from "../../engine/node/to-native";
import { writeParts } from "../../engine/node/write-file";
import { reportCsv } from "../../engine/report-csv";
import type { Store } from "../../engine/store";
import { encodeChromeTrace } from "../../formats/chrome-trace-out";
import type { Reading } from "../../formats/format";
import { encodeHar } from "../../formats/har-out";
import { encodeOtlp } from "../../formats/otlp-out";
import type { Problem } from "../../model/record";
import { postTraces } from "../otlp-post";
import { Progress } from "../progress";
import { addReadingOptions, type ReadingOptions, readingOf } from "../reading-options";
import { toStdout } from "../to-stdout";

const WRITERS = {
  har: (store: Store) => encodeHar(exchanged(store)),
  otlp: (store: Store) => encodeOtlp(exchanged(store)),
  "chrome-trace": (store: Store) => encodeChromeTrace(exchanged(store)),
  csv: reportCsv,
} as const satisfies Record<string, (store: Store) => Generator<string>>;

interface ConvertOptions extends ReadingOptions {
  to: keyof typeof WRITERS | "native";
  out: string;
}

export function addConvert(program: Command): void {
  const command = program
    .command("convert")
    .description("Write session folders and log files of any supported format in another one.")
    .argument("<in...>", "session folders and log files; all are paired with each other")
    .addOption(
      new Option("--to <format>", "the format to write")
        .choices([...Object.keys(WRITERS), "native"])
        .makeOptionMandatory(),
    )
    .requiredOption(
      "--out <file>",
      "the file to write; - is stdout; of OTLP also a collector's address, http://…/v1/traces",
    );
  addReadingOptions(command).action(convert);
}

async function convert(paths: string[], { to, out, ...options }: ConvertOptions, command: Command): Promise<void> {
  const isAddress = /^https?:\/\//.test(out);
  if (isAddress && to !== "otlp") command.error("error: only --to otlp is sent to an address");
  const problems: Problem[] = [];
  const reading = readingOf(options);
  const parts = to === "native" ? native(paths, reading, problems) : await written(paths, to, reading, problems);
  if (isAddress) await postTraces(out, parts);
  else if (out === "-") await toStdout(parts);
  else await writeParts(out, parts);
  for (const { file, line, reason } of problems.slice(0, MAX_TOLD))
    process.stderr.write(`${file}:${line}: ${reason}\n`);
  if (problems.length > MAX_TOLD) process.stderr.write(`and ${problems.length - MAX_TOLD} more problems\n`);
}

const MAX_TOLD = 20;

async function written(
  paths: string[],
  to: keyof typeof WRITERS,
  reading: Reading,
  problems: Problem[],
): Promise<Generator<string>> {
  const progress = new Progress();
  const { store } = await openSession(paths, {
    ...reading,
    progress: (done, total) => progress.show(`reading: ${Math.floor((done / total) * 100)} %`),
  });
  progress.clear();
  problems.push(...store.problems.list());
  return WRITERS[to](store);
}

async function* native(paths: string[], reading: Reading, problems: Problem[]): AsyncGenerator<string> {
  for (const path of paths)
    for (const file of (await isFolder(path)) ? await filesOf(path) : [path])
      yield* nativeLines(file, reading, (problem) => problems.push(problem));
}
