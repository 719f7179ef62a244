/** `request-timeline report` (DESIGN 5.1). */
import type { Command } from "commander";
import { addUnavailable } from "./unavailable";

export function addReport(program: Command): void {
  addUnavailable(program, "report");
}
