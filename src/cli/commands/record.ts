/** `request-timeline record` (DESIGN 5.1). */
import type { Command } from "commander";
import { addUnavailable } from "./unavailable";

export function addRecord(program: Command): void {
  addUnavailable(program, "record");
}
