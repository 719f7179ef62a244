/** A command that is promised (DESIGN 5.1) and not built yet says so, with status 2: never an empty result. */
import type { Command } from "commander";

export function addUnavailable(program: Command, name: string): void {
  program
    .command(name)
    .description("not available yet")
    .allowUnknownOption()
    .allowExcessArguments()
    .action(() => {
      process.stderr.write(`request-timeline ${name}: not available yet\n`);
      process.exitCode = 2;
    });
}
