import assert from "node:assert/strict";
import { TREE_ITEMS } from "../../src/extension/ids";
import { api, campusSession } from "./support";

describe("the sessions' tree", () => {
  it("has the session and its requests, each with status and numbers", async () => {
    const { tree } = await api();
    const session = await campusSession();
    const root = (await tree.getChildren()).find((node) => node.session === session);
    assert.ok(root);
    assert.equal(tree.getTreeItem(root).contextValue, TREE_ITEMS.session);
    const items = (await tree.getChildren(root)).map((node) => tree.getTreeItem(node));
    const calendar = items.find(({ label }) => String(label).includes("/cgi-bin/calendar.cgi"));
    assert.ok(calendar, items.map(({ label }) => label).join(" "));
    assert.match(String(calendar.description), /^200 · [\d.,]+ (µs|ms|s)/);
  });
});
