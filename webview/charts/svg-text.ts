/** A figure as an SVG file that stands alone: colours as they are now, no style sheet, no script, nothing loaded. */
import { type Figure, INKS, type Ink, type Shape } from "./figure";

export type Colours = Record<Ink, string> & { font: string };

const HEAD = 46;
const EDGE = 16;
const FOOT = 12;
/** A summary line holds so many characters a pixel of width. */
const CHARS = 1 / 5.6;
const LEADING = 14;

/** A colour as every viewer knows it: `color(srgb …)` and `color-mix` are for browsers. */
export function plainColour(computed: string): string {
  const srgb = /^color\(srgb ([\d.e-]+) ([\d.e-]+) ([\d.e-]+)(?: \/ ([\d.e-]+))?\)$/.exec(computed);
  if (!srgb) return computed;
  const [, ...parts] = srgb;
  const [red, green, blue] = parts.slice(0, 3).map((part) => Math.round(Number(part) * 255));
  return `rgba(${red}, ${green}, ${blue}, ${Math.round(Number(parts[3] ?? 1) * 1000) / 1000})`;
}

/** `--chart-<ink>` as the theme has them now, and the page's font. */
export function readColours(): Colours {
  const probe = document.createElement("span");
  document.body.append(probe);
  const colour = (ink: Ink): string => {
    probe.style.color = `var(--chart-${ink})`;
    return plainColour(getComputedStyle(probe).color);
  };
  const inks = Object.fromEntries(INKS.map((ink) => [ink, colour(ink)])) as Record<Ink, string>;
  probe.remove();
  return { ...inks, font: getComputedStyle(document.body).fontFamily };
}

/** With its title above and its sentence below. */
export function svgText(figure: Figure, title: string, colours: Colours): string {
  const width = Math.ceil(figure.width) + EDGE * 2;
  const lines = wrapped(figure.summary, Math.floor(figure.width * CHARS));
  const height = Math.ceil(figure.height) + HEAD + lines.length * LEADING + FOOT;
  const root = { xmlns: "http://www.w3.org/2000/svg", viewBox: `0 0 ${width} ${height}`, width, height, role: "img" };
  return [
    `<svg ${attributes({ ...root, "font-family": colours.font, "font-size": 11 })}>`,
    `<title>${escaped(title)}</title>`,
    `<desc>${escaped(figure.summary)}</desc>`,
    `<rect ${attributes({ width, height, fill: colours.ground })}/>`,
    text({ x: EDGE, y: 26, "font-size": 14, "font-weight": 600, fill: colours.strong }, title),
    `<g ${attributes({ transform: `translate(${EDGE} ${HEAD})` })}>`,
    ...figure.shapes.map((shape) => shapeText(shape, colours)),
    "</g>",
    ...lines.map((words, at) =>
      text({ x: EDGE, y: HEAD + Math.ceil(figure.height) + (at + 0.7) * LEADING, fill: colours.text }, words),
    ),
    "</svg>",
  ].join("\n");
}

function shapeText({ tag, at, fill, stroke, text: words }: Shape, colours: Colours): string {
  const all = { ...at, ...(fill && { fill: colours[fill] }), ...(stroke && { stroke: colours[stroke] }) };
  return words === undefined ? `<${tag} ${attributes(all)}/>` : text(all, words);
}

const text = (at: Record<string, string | number>, words: string): string =>
  `<text ${attributes(at)}>${escaped(words)}</text>`;

const attributes = (all: Record<string, string | number>): string =>
  Object.entries(all)
    .map(([name, value]) => `${name}="${escaped(String(value))}"`)
    .join(" ");

/** Characters that no XML may hold become the replacement character. */
function escaped(words: string): string {
  return words
    .replace(/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, "\ufffd")
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;");
}

function wrapped(words: string, room: number): string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of words.split(" ")) {
    if (line && line.length + word.length + 1 > room) {
      lines.push(line);
      line = word;
    } else line = line ? `${line} ${word}` : word;
  }
  return [...lines, line];
}
