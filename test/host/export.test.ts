import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import * as vscode from "vscode";
import { COMMANDS } from "../../src/extension/ids";
import { api, campusSession, requestsOf, workspace } from "./support";

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

  it("as HAR and OTLP is read again, each request once", async () => {
    const session = await campusSession();
    const { length } = await requestsOf(session);
    const { engine } = await api();
    for (const format of ["har", "otlp"] as const) {
      const file = join(workspace(), `exported.${format}.json`);
      assert.equal(await vscode.commands.executeCommand(COMMANDS.exportAs, { session, format, file }), file);
      await vscode.commands.executeCommand(COMMANDS.import, [file]);
      const { requests } = await engine.request("info", { session: file });
      assert.equal(requests, length, format);
    }
  });
});
