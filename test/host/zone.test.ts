import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import * as vscode from "vscode";
import { COMMANDS, LOG_LANGUAGE, SETTINGS } from "../../src/extension/ids";
import { api, hoverAt, until, workspace } from "./support";

describe("the time zone of logs that name none", () => {
  const zone = (value: string | undefined) =>
    vscode.workspace.getConfiguration().update(SETTINGS.zone, value, vscode.ConfigurationTarget.Workspace);
  after(() => zone(undefined));

  it("is never assumed, and read again when it is set", async () => {
    const file = join(workspace(), "time.txt");
    writeFileSync(
      file,
      [
        "http://www.cudenver.edu/ sending request.",
        "The time is Wed Feb 10 10:15:40.080 1999",
        "http://www.cudenver.edu/ started receiving.",
        "The time is Wed Feb 10 10:15:40.570 1999",
        "http://www.cudenver.edu/ finished receiving.",
        "The time is Wed Feb 10 10:15:42.000 1999",
        "",
      ].join("\r\n"),
    );
    const { engine } = await api();
    const requests = async () => (await engine.request("info", { session: file })).requests;
    await vscode.commands.executeCommand(COMMANDS.openSession, [file]);
    assert.equal(await requests(), 0);
    await zone("-07:00");
    await until("the request", async () => (await requests().catch(() => 0)) === 1);
    const { request } = await engine.request("detail", { session: file, index: 0 });
    assert.equal(request.marks.requestStart, 918_666_940_080_000);
    assert.equal(request.durations.clientResponse, 1_920_000);
    // The hover's times are those that stand in the log, wherever its reader is.
    const document = await vscode.workspace.openTextDocument(file);
    await until("our language", () => document.languageId === LOG_LANGUAGE);
    assert.match(await hoverAt(document, new vscode.Position(1, 5)), /Stamped at 10:15:40\.080000 for /);
  });
});
