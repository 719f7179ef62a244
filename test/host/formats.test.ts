import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import * as vscode from "vscode";
import { COMMANDS, LOG_LANGUAGE, SETTINGS } from "../../src/extension/ids";
import { detectFormat, FORMATS } from "../../src/formats/registry";
import { CLIENT_LOG, SERVER_LOG } from "../../src/model/manifest";
import {
  api,
  calendarRequest,
  campusSession,
  closeEditors,
  extension,
  hoverAt,
  requestsOf,
  until,
  workspace,
} from "./support";

const ACCESS = '127.0.0.1 - - [10/Feb/1999:10:15:40 -0700] "GET /late HTTP/1.1" 200 9216';
const LINE_OF_1999 = "usec=171298 Wed Feb 10 10:15:40 1999";

interface Sample {
  text: string | (() => Promise<string>);
  /** Text on the line that the pointer is over. */
  at: string;
  says: readonly RegExp[];
}

/** The text of a session's export in another format. */
const exported = (format: "har" | "otlp") => async (): Promise<string> => {
  const file = join(workspace(), `sample.${format}`);
  await vscode.commands.executeCommand(COMMANDS.exportAs, { session: await campusSession(), format, file });
  const text = readFileSync(file, "utf8");
  // OTLP has a document a line.
  return JSON.stringify(JSON.parse(format === "otlp" ? text.split("\n", 1)[0]! : text), null, 1);
};

const native = (name: string) => async (): Promise<string> => readFileSync(join(await campusSession(), name), "utf8");

/** Every format that is read, by a file's name. */
const SAMPLES: Record<string, Sample> = {
  "server.ndjson": { text: native(SERVER_LOG), at: "calendar.cgi?", says: [/The server's record of GET/, /R S/] },
  "client.ndjson": { text: native(CLIENT_LOG), at: "calendar.cgi?", says: [/The client's record of GET/, /R C/] },
  "sample.har": { text: exported("har"), at: "calendar.cgi?3", says: [/record of GET/, /R C/] },
  "otlp.json": { text: exported("otlp"), at: "calendar.cgi", says: [/record of GET/, /R [CS]/] },
  "common.log": { text: `${ACCESS}\n`, at: "/late", says: [/The server's record of GET \/late/] },
  "directive.log": {
    text: `log_format t '$msec $request_time "$request"';\n918666940.250 0.125 "GET /a HTTP/1.1"\n`,
    at: "/a HTTP",
    says: [/The server's record of GET \/a/, /R S 125/],
  },
  "given.log": { text: "918666940.250|GET /b HTTP/1.1|0.125\n", at: "/b", says: [/GET \/b/, /R S 125/] },
  "browser.txt": {
    text: "http://h/a sending request.\nThe time is Wed Feb 10 10:15:40.080 1999\n",
    at: "http",
    says: [/Mark 1, Q Net,Client/],
  },
  projlog2: {
    text: `${LINE_OF_1999}\n/www/a.html ${LINE_OF_1999.replace("171298", "178134")}\n`,
    at: "/www/a.html",
    says: [/R S,Proc|parsing/i],
  },
  "http_log.txt": {
    text: `h.edu - GET /a HTTP/1.0 ${LINE_OF_1999}\n`,
    at: "GET /a",
    says: [/R S,Net|processing/i],
  },
};

const textOf = async ({ text }: Sample): Promise<string> => (typeof text === "string" ? text : text());
const DIRECTIVE = "log_format short '$msec|$request|$request_time';";

const set = (name: string, value: string | undefined) =>
  vscode.workspace.getConfiguration().update(name, value, vscode.ConfigurationTarget.Workspace);

describe("logs of every format", () => {
  const folder = () => join(workspace(), "formats");
  before(async () => {
    await closeEditors();
    mkdirSync(folder());
    await set(SETTINGS.zone, "-07:00");
    await set(SETTINGS.logFormat, DIRECTIVE);
  });
  after(async () => {
    await closeEditors();
    await set(SETTINGS.zone, undefined);
    await set(SETTINGS.logFormat, undefined);
    rmSync(folder(), { recursive: true });
  });

  it("have a sample here for each format of the registry", async () => {
    const found = new Set<string | undefined>();
    for (const sample of Object.values(SAMPLES))
      found.add(detectFormat(await textOf(sample), { directive: DIRECTIVE })?.id);
    assert.deepEqual([...found].sort(), FORMATS.map(({ id }) => id).sort());
  });

  for (const [name, sample] of Object.entries(SAMPLES))
    it(`are explained by hover: ${name}`, async () => {
      const { at, says } = sample;
      const file = join(folder(), name);
      writeFileSync(file, await textOf(sample));
      const document = await vscode.workspace.openTextDocument(file);
      await vscode.window.showTextDocument(document);
      if (!/\.(har|json)$/.test(name)) await until("our language", () => document.languageId === LOG_LANGUAGE);
      const said = await hoverAt(document, document.positionAt(document.getText().indexOf(at) + 1));
      for (const words of says) assert.match(said, words);
      assert.doesNotMatch(said, /R [CS] –/, "what is not known is not said");
      if (!/R [CS] |Mark/.test(said)) assert.match(said, /requestTimeline\.openTimeline/);
    });

  it("have their first problems shown, and all counted", async () => {
    const log = join(folder(), "broken.log");
    writeFileSync(log, `${ACCESS}\n${"nonsense\n".repeat(500)}`);
    await vscode.commands.executeCommand(COMMANDS.openSession, [log]);
    const { engine } = await api();
    assert.equal((await engine.request("info", { session: log })).problems, 500);
    const shown = await until("diagnostics", () => {
      const found = vscode.languages.getDiagnostics(vscode.Uri.file(log));
      return found.length ? found : null;
    });
    assert.equal(shown.length, 200);
  });

  it("lead from a request to its record on both sides", async () => {
    const session = await campusSession();
    const { index, request } = await calendarRequest(session);
    for (const side of ["server", "client"] as const) {
      await vscode.commands.executeCommand(COMMANDS.revealLog, { session, request: index, side });
      const { document, selection } = vscode.window.activeTextEditor!;
      assert.deepEqual(
        [document.fileName, selection.active.line + 1],
        [request.log[side]!.file, request.log[side]!.line],
      );
    }
  });

  it("go to a collector as OTLP: our own receiver takes each request once", async () => {
    const session = await campusSession();
    const { length } = await requestsOf(session);
    const log = join(folder(), "received.ndjson");
    const cli = join(extension().extensionPath, "dist/cli.js");
    const receiver = spawn(process.execPath, [cli, "receive", "--log", log, "--port", "0"], {
      stdio: ["ignore", "pipe", "inherit"],
      env: { ...process.env, ELECTRON_RUN_AS_NODE: "1" },
    });
    try {
      let text = "";
      for await (const part of receiver.stdout.setEncoding("utf8")) {
        text += part;
        if (/http:\/\/\S+\n/.test(text)) break;
      }
      const file = `${/http:\/\/\S+/.exec(text)![0]}/v1/traces`;
      assert.equal(await vscode.commands.executeCommand(COMMANDS.exportAs, { session, format: "otlp", file }), file);
    } finally {
      receiver.kill();
      if (receiver.exitCode === null && receiver.signalCode === null) await once(receiver, "exit");
    }
    const { engine } = await api();
    await vscode.commands.executeCommand(COMMANDS.import, [log]);
    assert.equal((await engine.request("info", { session: log })).requests, length);
  });
});
