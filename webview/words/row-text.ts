/** A row in words: for screen readers, and for the tooltip. What the picture shows, the text says. */
import { phasesOf } from "../layout/phases";
import type { Row } from "../rows/row";
import { bytes, duration, known, plusMinus } from "./numbers";

/** The status as shown: a number, or the state where the request has none to show. */
export function statusText({ state, values }: Row): string {
  if (state === "pending") return "pending";
  if (state === "aborted") return "aborted";
  if (known(values.status)) return String(values.status);
  return state === "failed" ? "failed" : "–";
}

export type StatusClass = "ok" | "error" | "pending" | "dim";

export function statusClass({ state, values }: Row): StatusClass {
  if (state === "pending") return "pending";
  if (state !== "complete" || values.status >= 400) return "error";
  return "ok";
}

/** The two lanes, as lines. */
export function laneTexts(row: Row): string[] {
  const { times, values } = row;
  const lines: string[] = [];
  if (row.hasClient) {
    const header = times.responseStart - times.requestStart;
    const parts = [`client ${duration(values.clientResponse)}`];
    if (times.requestStart - times.fetchStart > 0)
      parts.push(`waited ${duration(times.requestStart - times.fetchStart)} before it was sent`);
    if (known(header)) parts.push(`header after ${duration(header)}`);
    lines.push(parts.join(", "));
  }
  if (row.hasServer) {
    const phases = phasesOf(row).map(({ ink, from, to }) => `${ink} ${duration(to - from)}`);
    lines.push([`server ${duration(values.serverResponse)}`, ...phases].join(", "));
  }
  for (const child of row.children) lines.push(`${child.kind} ${child.name} ${duration(child.duration)}`);
  if (row.hasClient !== row.hasServer) lines.push(row.hasClient ? "client's record only" : "server's record only");
  if (values.clockUncertainty > 0) lines.push(`clocks ${plusMinus(values.clockUncertainty)}`);
  return lines;
}

/** What the note says beyond the lanes: calls and locks have lines of their own there. */
export function noteText({ texts, children }: Row): string {
  const isSaid = (part: string) =>
    children.some(({ name }) => name !== "" && (part.startsWith(`${name} `) || part.endsWith(` for ${name}`)));
  return texts.note
    .split(" · ")
    .filter((part) => !isSaid(part))
    .join(" · ");
}

/** The timeline cell's text. */
export function timelineText(row: Row): string {
  const state = row.state === "complete" ? [] : [row.state];
  return [...state, ...laneTexts(row), noteText(row), row.interference ? "not the probe's own request" : ""]
    .filter(Boolean)
    .join("; ");
}

export const sizeText = ({ values, state }: Row): string =>
  known(values.bytes) ? bytes(values.bytes) : state === "complete" ? "–" : "";
