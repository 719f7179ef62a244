import assert from "node:assert/strict";
import { api, leftSession, until } from "./support";

describe("after the window was reloaded", () => {
  it("the timeline is back, with the session that it showed", async () => {
    const { panel } = await api();
    await until("the restored page", () => panel.isReady);
    assert.equal(panel.session, leftSession());
  });
});
