/** What the settings say of reading: what logs do not say themselves, and how much memory a session may take. */
import * as vscode from "vscode";
import type { Reading } from "../formats/format";
import { MOST_MEMORY } from "../protocol/messages";
import { SETTINGS } from "./ids";
import { configuredZone } from "./zone";

/** MiB; undefined where the setting holds nothing of use. */
export function configuredMemory(): number | undefined {
  const memory = vscode.workspace.getConfiguration().get<unknown>(SETTINGS.sessionMemory);
  return typeof memory === "number" && Number.isInteger(memory) && memory >= 1 && memory <= MOST_MEMORY
    ? memory
    : undefined;
}

export function configuredReading(): Reading {
  const zone = configuredZone();
  const directive = vscode.workspace.getConfiguration().get(SETTINGS.logFormat, "").trim();
  return { ...(zone !== undefined && { zone }), ...(directive !== "" && { directive }) };
}
