/** `request-timeline serve` (DESIGN 5.1). */
import type { Command } from "commander";
import { addUnavailable } from "./unavailable";

export function addServe(program: Command): void {
  addUnavailable(program, "serve");
}
