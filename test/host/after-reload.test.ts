import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { join } from "node:path";
import * as vscode from "vscode";
import { COMMANDS, SCHEDULE_MARKER } from "../../src/extension/ids";
import { api, brokenOffSchedule, clientParts, extension, leftSession, until, workspace } from "./support";

describe("after the window was reloaded", () => {
  it("the timeline is back, with the session that it showed", async () => {
    const { panel } = await api();
    await until("the restored page", () => panel.isReady);
    assert.equal(panel.session, leftSession());
  });

  it("a schedule that was broken off is offered, and goes on in its session with what was missed shown", async function () {
    this.timeout(120_000);
    const session = brokenOffSchedule();
    const marker = join(workspace(), ".request-timeline", SCHEDULE_MARKER);
    assert.ok(existsSync(marker));
    await until("activation", () => extension().isActive);
    const resumed = await until("the schedule to go on", async () => {
      await vscode.commands.executeCommand("notification.acceptPrimaryAction");
      return clientParts(session)[1];
    });
    assert.match(resumed, /"type":"header"/);
    await until("a slot missed, and one measured", () => {
      const part = clientParts(session)[1]!;
      return part.includes('"name":"slot missed"') && /"type":"client".*"responseEnd"/.test(part);
    });
    await vscode.commands.executeCommand(COMMANDS.stop);
    // The server, too, runs again. The killed probe may have taken the client's record of its request with it.
    const { engine, sessions } = await api();
    await sessions.open(session);
    await until("a request of both sides", async () => {
      const { requests } = await engine.request("info", { session });
      const details = await Promise.all(
        Array.from({ length: requests }, (_, index) => engine.request("detail", { session, index })),
      );
      return details.some(({ request }) => request.pairing === "id");
    });
    assert.ok(!existsSync(marker), "stopped by the user: not offered again");
  });
});
