/** `request-timeline convert` (DESIGN 5.1). */
import type { Command } from "commander";
import { addUnavailable } from "./unavailable";

export function addConvert(program: Command): void {
  addUnavailable(program, "convert");
}
