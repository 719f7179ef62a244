/** Hover on a line of a log: what the line is, the request's numbers, its peer's record, and the ways from there. */
import { basename } from "node:path";
import * as vscode from "vscode";
import { type MarkKey, marksOf } from "../model/marks";
import { isSpan, SPANS } from "../model/metrics";
import type { LogRecord, StampRecord } from "../model/record";
import type { DurationKey, TimelineRequest } from "../model/request";
import type { LineLookup, RequestDetail } from "../protocol/messages";
import { COMMANDS } from "./ids";
import type { LogLookup } from "./log-lookup";
import { duration, timeOfDay } from "./numbers";
import { isMarkKey, markInWords } from "./record-words";

/** A key of the record's JSON, with its quotes. */
const KEY = /"[A-Za-z]+"(?=\s*:)/;
const LINKED_COMMANDS = [COMMANDS.openTimeline, COMMANDS.openHandler, COMMANDS.revealLog];

export class LogHover implements vscode.HoverProvider {
  constructor(private readonly records: LogLookup) {}

  async provideHover(
    document: vscode.TextDocument,
    position: vscode.Position,
    token: vscode.CancellationToken,
  ): Promise<vscode.Hover | undefined> {
    const found = await this.records.inTime(document, position.line);
    if (!found || token.isCancellationRequested) return undefined;
    const { words, record, lookup, zone, read, missing } = found;
    const text = new vscode.MarkdownString(undefined, true);
    text.isTrusted = { enabledCommands: LINKED_COMMANDS };
    if (words !== null) paragraph(text, words);
    const keyRange = document.getWordRangeAtPosition(position, KEY);
    if (read < 1) paragraph(text, vscode.l10n.t("Still reading the session: {0} %.", Math.floor(100 * read)));
    const key = keyRange && document.getText(keyRange).slice(1, -1);
    if (key && isMarkKey(key)) appendMark(text, key, lookup?.detail.request.marks ?? record, zone);
    if (lookup) appendRequest(text, lookup, read < 1);
    else if (record) appendNumbers(text, (key) => ownDuration(record, key));
    if (missing !== null) paragraph(text, missing);
    return new vscode.Hover(text, keyRange ?? document.lineAt(position.line).range);
  }
}

/** Nothing in a log is markdown to us, and an address in it becomes no link. */
const inert = (line: string): string =>
  new vscode.MarkdownString().appendText(line).value.replace(/:\/\/|www\.|@/g, (found) => found.replace(/\W/g, "\\$&"));

function paragraph(text: vscode.MarkdownString, ...lines: string[]): void {
  text.appendMarkdown(`${lines.map(inert).join("  \n")}\n\n`);
}

/** `stamps`: of the request, or what its record has of them. */
function appendMark(text: vscode.MarkdownString, key: MarkKey, stamps: object | null, zone?: number): void {
  const lines = [markInWords(key)];
  const at = (mark: MarkKey) => (stamps as Partial<Record<MarkKey, unknown>> | null)?.[mark];
  const value = at(key);
  if (typeof value === "number") {
    const lane = marksOf(isClient(key) ? "client" : "server").map((mark) => mark.key);
    const until = lane
      .slice(lane.indexOf(key) + 1)
      .map(at)
      .find((stamp) => typeof stamp === "number");
    lines.push(
      until === undefined
        ? timeOfDay(value, zone)
        : vscode.l10n.t("{0}, lasts {1}", timeOfDay(value, zone), duration(until - value)),
    );
  }
  paragraph(text, ...lines);
}

const isClient = (key: MarkKey): boolean => marksOf("client").some((mark) => mark.key === key);

/** What a record tells without its session, µs. */
function ownDuration(record: LogRecord | StampRecord, key: DurationKey): number | null {
  if (!isSpan(key)) return null;
  const stamps = record as Partial<Record<string, unknown>>;
  const [from, to] = SPANS[key].map((stamp) => stamps[stamp]);
  return typeof from === "number" && typeof to === "number" ? to - from : null;
}

/** Those that are known. */
function appendNumbers(text: vscode.MarkdownString, of: (key: DurationKey) => number | null): void {
  const known = (key: DurationKey, label: string): string[] =>
    of(key) === null ? [] : [label.replace("{0}", duration(of(key)))];
  const lines = [
    [
      ...known("clientResponse", "R C {0}"),
      ...known("serverResponse", "R S {0}"),
      ...known("network", vscode.l10n.t("network {0}")),
      ...known("queue", vscode.l10n.t("queue {0}")),
    ],
    (["parse", "process", "send"] as const).flatMap((phase) => known(phase, `${phase} {0}`)),
  ];
  const said = lines.filter((line) => line.length).map((line) => line.join(" · "));
  if (said.length) paragraph(text, ...said);
}

/** `reading`: what is not known yet may come. */
function appendRequest(
  text: vscode.MarkdownString,
  { session, index, side, detail }: LineLookup,
  reading: boolean,
): void {
  const { request } = detail;
  const { durations } = request;
  const answer = request.status === null ? request.state : `${request.status} ${request.state}`;
  paragraph(text, `${request.method} ${request.url}`.trim(), answer);
  appendNumbers(text, (key) => durations[key]);
  const clocks = clocksInWords(detail);
  paragraph(text, peerInWords(request, side, reading), ...(clocks === null ? [] : [clocks]));
  const peer = side === "server" ? "client" : "server";
  const links = [link(vscode.l10n.t("Show in timeline"), COMMANDS.openTimeline, { session, request: index })];
  if (request.handler) {
    const { file, line } = request.handler;
    const label = line === null ? basename(file) : `${basename(file)}:${line}`;
    links.push(link(label, COMMANDS.openHandler, { session, request: index, which: "handler" }));
  }
  if (request.log[peer])
    links.push(
      link(
        peer === "client" ? vscode.l10n.t("Client's record") : vscode.l10n.t("Server's record"),
        COMMANDS.revealLog,
        { session, request: index, side: peer },
      ),
    );
  text.appendMarkdown(links.join(" · "));
}

function peerInWords({ pairing, log, unpaired }: TimelineRequest, side: "server" | "client", reading: boolean): string {
  const peer = side === "server" ? log.client : log.server;
  if (!peer && reading) return vscode.l10n.t("The other side's record has not been read yet.");
  if (!peer || pairing === "none")
    return unpaired === undefined
      ? vscode.l10n.t("The other side has no record of it.")
      : vscode.l10n.t("No peer: {0}.", unpaired);
  const place = `${basename(peer.file)}:${peer.line}`;
  switch (pairing) {
    case "id":
      return vscode.l10n.t("Paired by its id with {0}.", place);
    case "connection":
      return vscode.l10n.t("Paired by connection and ordinal with {0}.", place);
    case "order":
      return vscode.l10n.t("Paired by order with {0}.", place);
  }
}

/** How the server's clock stands to the client's; null where nothing is known, or both are one clock. */
function clocksInWords({ offset }: RequestDetail): string | null {
  if (!offset || (offset.value === 0 && offset.uncertainty === 0)) return null;
  const [size, uncertainty] = [duration(Math.abs(offset.value)), duration(offset.uncertainty)];
  return offset.value < 0
    ? vscode.l10n.t("The server's clock is {0} behind the client's, ± {1}.", size, uncertainty)
    : vscode.l10n.t("The server's clock is {0} ahead of the client's, ± {1}.", size, uncertainty);
}

function link(label: string, command: string, argument: object): string {
  return `[${inert(label)}](command:${command}?${encodeURIComponent(JSON.stringify([argument]))})`;
}
