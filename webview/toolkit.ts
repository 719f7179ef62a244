/**
 * The only file that knows @vscode/webview-ui-toolkit: asked for by the project's owner, archived upstream. Whoever
 * replaces it changes this file; the rest of the page sees elements with values and events.
 */
import {
  provideVSCodeDesignSystem,
  vsCodeButton,
  vsCodeDropdown,
  vsCodeOption,
  vsCodeProgressRing,
} from "@vscode/webview-ui-toolkit";

provideVSCodeDesignSystem().register(vsCodeButton(), vsCodeDropdown(), vsCodeOption(), vsCodeProgressRing());

export interface Choice {
  value: string;
  label: string;
}

/** A drop-down whose choices can change while it lives. */
export class Dropdown {
  readonly element: HTMLElement & { value: string };
  #choices = "";

  constructor(label: string, chosen: (value: string) => void) {
    this.element = document.createElement("vscode-dropdown") as HTMLElement & { value: string };
    this.element.setAttribute("aria-label", label);
    this.element.title = label;
    // The element also reports values that were set from here; those are not choices.
    this.element.addEventListener("change", () => {
      if (this.element.value !== this.#value) chosen(this.element.value);
    });
  }

  #value = "";

  update(choices: readonly Choice[], value: string): void {
    const key = JSON.stringify(choices);
    if (key !== this.#choices) {
      this.#choices = key;
      this.element.replaceChildren(
        ...choices.map((choice) => {
          const option = document.createElement("vscode-option");
          option.setAttribute("value", choice.value);
          option.textContent = choice.label;
          return option;
        }),
      );
    }
    this.#value = value;
    // The element upgrades its options a microtask after they are added.
    if (this.element.value !== value) queueMicrotask(() => (this.element.value = value));
  }
}

export function button(text: string, title: string, act: () => void): HTMLElement {
  const element = document.createElement("vscode-button");
  element.setAttribute("appearance", "secondary");
  element.textContent = text;
  element.title = title;
  element.addEventListener("click", act);
  return element;
}

export const progressRing = (): HTMLElement => document.createElement("vscode-progress-ring");
