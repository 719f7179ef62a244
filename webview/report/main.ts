/** In a report's file, before the page's own script: the engine beside the page, over the session that the file carries. */
import type { ReportData } from "../../src/engine/report-data";
import { ReportHost } from "./host";
import { inflated } from "./inflated";

// The command line loads this file too, for its engine (scripts/lib/shared-engine.mjs).
if (typeof document === "object") {
  const embedded = document.getElementById("report-data")!;
  const { data, bytes } = JSON.parse(embedded.textContent!) as { data: ReportData; bytes: string };
  embedded.remove();
  document.getElementById("report-inert")!.remove();

  const host = new ReportHost(data, inflated(bytes), (message) =>
    dispatchEvent(new MessageEvent("message", { data: message })),
  );
  Object.assign(window, { acquireVsCodeApi: () => host });
}
