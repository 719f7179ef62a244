/** Inks as colours: read from the page's CSS variables, which the theme sets, and read again when the theme changes. */
import { INKS, type Ink } from "../layout/draw-list";

export type Palette = Record<Ink, string> & { font: string; highContrast: boolean };

/** `--ink-<name>` on the body; style.css maps them to the theme's variables. */
export function readPalette(): Palette {
  const style = getComputedStyle(document.body);
  const inks = Object.fromEntries(INKS.map((ink) => [ink, resolved(style.getPropertyValue(`--ink-${ink}`).trim())]));
  return {
    ...(inks as Record<Ink, string>),
    font: `${style.fontSize} ${style.fontFamily}`,
    highContrast: /vscode-high-contrast/.test(document.body.className) || matchMedia("(forced-colors: active)").matches,
  };
}

const probe = document.createElement("span");

/** A canvas does not understand every colour that CSS does (color-mix, system colours under forced colours). */
function resolved(colour: string): string {
  probe.style.color = "";
  probe.style.color = colour;
  probe.style.setProperty("forced-color-adjust", "none");
  document.body.append(probe);
  const computed = getComputedStyle(probe).color;
  probe.remove();
  return computed;
}

/** Calls back after the theme, its contrast or the font changed. */
export function watchTheme(changed: () => void): void {
  const observer = new MutationObserver(changed);
  observer.observe(document.body, { attributes: true, attributeFilter: ["class", "data-vscode-theme-id"] });
  observer.observe(document.documentElement, { attributes: true, attributeFilter: ["style", "class"] });
  matchMedia("(forced-colors: active)").addEventListener("change", changed);
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", changed);
}
