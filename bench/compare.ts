/**
 * What a comparison claims of recordings of one build, where there is nothing to claim: pairs of real sessions, recorded one
 * after the other. Goal: at most 3 claims in 20 pairs. That it still finds something is shown on the same pairs with a
 * slow-down planted: every duration of one route of the second session, made longer by a factor.
 * `npm run build && npx tsx bench/compare.ts [--pairs 20] [--seconds 4] [--keep DIR]`; with `--keep`, sessions that are
 * there already are taken as they are.
 */
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { loadavg, tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { comparedRun } from "../src/engine/compared-run";
import { openSession } from "../src/engine/node/open";
import { type ComparedRoute, compare, hasChanged, isClaim } from "../src/model/compare/compare";
import type { Run } from "../src/model/compare/run";

const { values } = parseArgs({
  options: {
    pairs: { type: "string", default: "20" },
    seconds: { type: "string", default: "4" },
    keep: { type: "string" },
  },
});
const pairs = Number(values.pairs);
const root = resolve(__dirname, "..");
const FACTORS = [1.2, 1.5, 2, 3];
const PLANTED = "GET /cgi-bin/calendar.cgi";

/** Every route as often as the calendar: below 30 requests nothing is said. */
const MIX = ["/", "/calendar/", "/images/header.jpg", "/images/tv-1.jpg", "/graduate/gradrules.html", "/campus.css"];

/** Loads of different shape: an open loop over a pool, and pages of a single process with all that they embed. */
const SHAPES = {
  load: [
    ["--serve-options", "--workers 2"],
    [...["--mix", "MIX", "--rate", "60", "--poisson"], ...["--duration", values.seconds, "--warm-up", "1"]],
  ],
  pages: [[], ["--page", "--count", "40", "/", "/cgi-bin/calendar.cgi?3+1993"]],
} as const;
type Shape = keyof typeof SHAPES;

async function recorded(folder: string, shape: Shape, number: number): Promise<Run> {
  const session = join(folder, `${shape}-${String(number).padStart(2, "0")}`);
  const [serve, probe] = SHAPES[shape];
  const mix = join(folder, "mix.txt");
  writeFileSync(mix, [...MIX, "/cgi-bin/calendar.cgi?3+1993"].map((path) => `1 ${path}\n`).join(""));
  if (!existsSync(session))
    execFileSync(
      process.execPath,
      [
        "dist/cli.js",
        "record",
        "--session",
        session,
        "--serve",
        "examples/campus",
        ...serve,
        "--",
        ...probe.map((word) => (word === "MIX" ? mix : word)),
      ],
      { cwd: root, stdio: "pipe" },
    );
  return comparedRun((await openSession([session])).store);
}

const slowed = (run: Run, factor: number): Run =>
  new Map(
    [...run].map(([key, durations]) => [
      key,
      key === PLANTED
        ? new Map([...durations].map(([name, all]) => [name, all.map((one) => one * factor)]))
        : durations,
    ]),
  );

const words = ({ key, durations }: ComparedRoute): string =>
  `${key} ${durations
    .filter(isClaim)
    .map(({ duration, word }) => `${duration} ${word}`)
    .join(", ")}`;

async function main(): Promise<void> {
  const folder = values.keep ?? mkdtempSync(join(tmpdir(), "request-timeline-compare-"));
  mkdirSync(folder, { recursive: true });
  try {
    process.stdout.write("| recordings | pairs | routes a pair | with a claim | claims |");
    process.stdout.write(`${FACTORS.map((factor) => ` ${factor} × planted: found, elsewhere |`).join("")}\n`);
    process.stdout.write(`|---|---|---|---|---|${"---|".repeat(FACTORS.length)}\n`);
    const claims: string[] = [];
    for (const shape of Object.keys(SHAPES) as Shape[]) {
      const found = { routes: 0, pairs: 0, claims: 0, planted: FACTORS.map(() => [0, 0] as [number, number]) };
      for (let pair = 0; pair < pairs; pair++) {
        const [before, after] = [
          await recorded(folder, shape, 2 * pair),
          await recorded(folder, shape, 2 * pair + 1),
        ] as const;
        const { routes } = compare([before], [after]);
        const changed = routes.filter(hasChanged);
        found.routes += routes.length;
        found.claims += changed.length;
        if (changed.length) found.pairs++;
        claims.push(...changed.map((route) => `- ${shape}, pair ${pair + 1}: ${words(route)}`));
        for (const [at, factor] of FACTORS.entries()) {
          const claimed = compare([before], [slowed(after, factor)]).routes.filter(hasChanged);
          if (claimed.some(({ key }) => key === PLANTED)) found.planted[at]![0]++;
          if (claimed.some(({ key }) => key !== PLANTED)) found.planted[at]![1]++;
        }
      }
      const planted = found.planted.map(([there, elsewhere]) => `${there}, ${elsewhere}`);
      const cells = [shape, pairs, (found.routes / pairs).toFixed(0), found.pairs, found.claims, ...planted];
      process.stdout.write(`| ${cells.join(" | ")} |\n`);
    }
    process.stdout.write(`\n${claims.length ? claims.join("\n") : "No claim."}\n`);
    process.stdout.write(`Load average ${loadavg()[0]!.toFixed(1)} at the end.\n`);
  } finally {
    if (values.keep === undefined) rmSync(folder, { recursive: true });
  }
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
