/** `request-timeline probe` (DESIGN 5.1). */
import type { Command } from "commander";
import { addUnavailable } from "./unavailable";

export function addProbe(program: Command): void {
  addUnavailable(program, "probe");
}
