/** `request-timeline run` (DESIGN 5.1). */
import type { Command } from "commander";
import { addUnavailable } from "./unavailable";

export function addRun(program: Command): void {
  addUnavailable(program, "run");
}
