/** `request-timeline compare` (DESIGN 5.1). */
import type { Command } from "commander";
import { addUnavailable } from "./unavailable";

export function addCompare(program: Command): void {
  addUnavailable(program, "compare");
}
