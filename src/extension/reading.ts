/** What the settings say of logs that do not say it themselves. */
import * as vscode from "vscode";
import type { Reading } from "../formats/format";
import { SETTINGS } from "./ids";
import { configuredZone } from "./zone";

export function configuredReading(): Reading {
  const zone = configuredZone();
  const directive = vscode.workspace.getConfiguration().get(SETTINGS.logFormat, "").trim();
  return { ...(zone !== undefined && { zone }), ...(directive !== "" && { directive }) };
}
