/** `request-timeline predict` (DESIGN 5.1). */
import type { Command } from "commander";
import { addUnavailable } from "./unavailable";

export function addPredict(program: Command): void {
  addUnavailable(program, "predict");
}
