import assert from "node:assert/strict";
import fc from "fast-check";
import { MAX_ROWS, parseFromPage } from "../../../src/extension/page-messages";

const view = {
  filter: "path:/cgi-bin/*",
  sort: "start",
  descending: false,
  group: "none",
  aligned: true,
  folded: ["/"],
  span: [0, 1_000],
};
const session = "/site/.request-timeline/one";
const VALID = [
  { kind: "request", id: 1, method: "info", params: { session } },
  { kind: "request", id: 2, method: "view", params: { session, page: "p", view } },
  { kind: "request", id: 3, method: "view", params: { session, page: "p", view: { ...view, span: null } } },
  { kind: "request", id: 4, method: "rows", params: { session, page: "p", revision: 1, from: 0, count: 60 } },
  { kind: "request", id: 5, method: "locate", params: { session, page: "p", index: 7 } },
  { kind: "request", id: 6, method: "overview", params: { session, from: -1.5, to: 1e6, buckets: 400 } },
  { kind: "request", id: 7, method: "detail", params: { session, index: 7 } },
  { kind: "request", id: 8, method: "position", params: { session, index: 7, side: "server" } },
  { kind: "request", id: 9, method: "complete", params: { session, filter: "pa", caret: 2 } },
  { kind: "request", id: 10, method: "problems", params: { session, limit: 100 } },
  {
    kind: "request",
    id: 11,
    method: "pair",
    params: { base: session, session, route: "GET /", quantile: 0.5, index: null },
  },
  {
    kind: "request",
    id: 12,
    method: "chart",
    params: {
      session,
      scope: { filter: "", span: null, zone: [[0, -420]] },
      query: { chart: "heat", of: "clientResponse", columns: 90 },
    },
  },
  { kind: "action", action: "save-svg", name: "R C over time", svg: '<svg xmlns="x"><rect x="1"/></svg>' },
  { kind: "action", action: "compare", session },
  { kind: "action", action: "ready", session: null },
  { kind: "action", action: "ready", session },
  { kind: "action", action: "select-session", session },
  { kind: "action", action: "open-source", session, request: 0, which: "handler" },
  { kind: "action", action: "open-source", session, request: 0, which: "child", child: 1 },
  { kind: "action", action: "reveal-log", session, request: 0, side: "client" },
  { kind: "action", action: "copy", text: "R C 512 ms" },
  { kind: "action", action: "record" },
  { kind: "action", action: "stop" },
  { kind: "action", action: "open-session" },
  { kind: "action", action: "export" },
] as const;

describe("messages of the page", () => {
  for (const message of VALID)
    it(`are taken as they are: ${"method" in message ? message.method : message.action}`, () => {
      assert.equal(parseFromPage(message), message);
    });

  it("may not open, close, look up or write files", () => {
    for (const method of ["open", "close", "line", "export"])
      for (const params of [
        { session },
        { paths: ["/etc/passwd"], follow: false },
        { session, format: "csv", file: "/x" },
      ])
        assert.equal(parseFromPage({ kind: "request", id: 1, method, params }), null);
  });

  it("may save a picture, and nothing that runs", () => {
    const picture = (svg: string) => parseFromPage({ kind: "action", action: "save-svg", name: "x", svg });
    assert.ok(picture("<svg ></svg>"));
    for (const inside of ["<script>1</script>", '<rect onload="1"/>', '<a href="x"/>', "<style/>"])
      assert.equal(picture(`<svg >${inside}</svg>`), null, inside);
  });

  it("name no member of a prototype", () => {
    for (const name of ["constructor", "__proto__", "toString", "hasOwnProperty"]) {
      assert.equal(parseFromPage({ kind: "request", id: 1, method: name, params: {} }), null);
      assert.equal(parseFromPage({ kind: "action", action: name }), null);
    }
  });

  it("are refused with a field too many, too few, or of another type", () => {
    for (const message of VALID) {
      assert.equal(parseFromPage({ ...message, extra: 1 }), null);
      for (const field of Object.keys(message)) {
        const { [field]: _, ...rest } = message as Record<string, unknown>;
        if (field !== "child") assert.equal(parseFromPage(rest), null, `${JSON.stringify(message)} without ${field}`);
        assert.equal(parseFromPage({ ...message, [field]: { $: [] } }), null, `${JSON.stringify(message)}: ${field}`);
      }
    }
  });

  it("ask for no more rows than one message may hold", () => {
    const rows = (count: number) =>
      parseFromPage({
        kind: "request",
        id: 1,
        method: "rows",
        params: { session, page: "p", revision: 0, from: 0, count },
      });
    assert.ok(rows(MAX_ROWS));
    assert.equal(rows(MAX_ROWS + 1), null);
    assert.ok(MAX_ROWS * 21 * 8 <= 256 * 1024);
  });

  it("never throw, whatever they are", () => {
    fc.assert(fc.property(fc.anything({ withNullPrototype: true }), (value) => parseFromPage(value) === null));
  });
});
