import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import * as vscode from "vscode";
import { COMMANDS } from "../../src/extension/ids";
import type { SessionKey } from "../../src/protocol/messages";
import { api, campusSession, requestsOf, workspace } from "./support";

/** Resolves to the file that was written. */
async function exportedAs(session: SessionKey, format: string): Promise<string> {
  const file = join(workspace(), `session.${format}`);
  assert.equal(await vscode.commands.executeCommand(COMMANDS.exportAs, { session, format, file }), file);
  return file;
}

describe("Export Report", () => {
  it("writes the session's requests in the format that the name says", async () => {
    const session = await campusSession();
    const requests = await requestsOf(session);
    const file = join(workspace(), "report.json");
    assert.equal(await vscode.commands.executeCommand(COMMANDS.exportReport, { session, file }), file);
    const report = JSON.parse(readFileSync(file, "utf8"));
    assert.equal(report.requests.length, requests.length);
    const markdown = join(workspace(), "report.md");
    await vscode.commands.executeCommand(COMMANDS.exportReport, { session, file: markdown });
    assert.match(readFileSync(markdown, "utf8"), /calendar\.cgi/);
    const html = join(workspace(), "report.html");
    await vscode.commands.executeCommand(COMMANDS.exportReport, { session, file: html });
    const page = readFileSync(html, "utf8");
    assert.match(page, /^<!DOCTYPE html>[\s\S]*default-src 'none'[\s\S]*calendar\.cgi[\s\S]*<\/html>\n$/);
    assert.doesNotMatch(page, /(src|href)="(?!#)/, "nothing that would be loaded");
  });

  it("says what was asked for where a server alone has logged", async () => {
    const access = join(workspace(), "asked.log");
    const line = '127.0.0.1 - - [10/Feb/1999:10:15:40 -0700] "GET /late HTTP/1.1" 200 9216\n';
    writeFileSync(access, line.repeat(3));
    await vscode.commands.executeCommand(COMMANDS.import, [access]);
    const file = join(workspace(), "asked.md");
    await vscode.commands.executeCommand(COMMANDS.exportReport, { session: access, file });
    assert.match(readFileSync(file, "utf8"), /## Workload\s[\s\S]*distinct files \| 1, 33\.3 % of requests/);
    const paired = join(workspace(), "paired.md");
    await vscode.commands.executeCommand(COMMANDS.exportReport, { session: await campusSession(), file: paired });
    assert.doesNotMatch(readFileSync(paired, "utf8"), /## Workload/);
  });

  it("as HAR, OTLP and a log of ours is read again, each request once", async () => {
    const session = await campusSession();
    const { length } = await requestsOf(session);
    const { engine } = await api();
    for (const format of ["har", "otlp", "native"] as const) {
      const file = await exportedAs(session, format);
      await vscode.commands.executeCommand(COMMANDS.import, [file]);
      const { requests } = await engine.request("info", { session: file });
      assert.equal(requests, length, format);
    }
  });

  it("as a trace and as a table has every request", async () => {
    const session = await campusSession();
    const requests = await requestsOf(session);
    const { traceEvents } = JSON.parse(readFileSync(await exportedAs(session, "chrome-trace"), "utf8"));
    for (const { method, url } of requests) {
      const { pathname, search } = new URL(url);
      const name = `${method} ${pathname}${search}`;
      assert.ok(
        traceEvents.some((event: { name: string }) => event.name === name),
        name,
      );
    }
    const table = readFileSync(await exportedAs(session, "csv"), "utf8")
      .trimEnd()
      .split("\r\n");
    assert.equal(table.length, requests.length + 1);
    for (const { url } of requests)
      assert.ok(
        table.some((line) => line.includes(url)),
        url,
      );
  });
});
