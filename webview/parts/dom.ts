/** Elements without HTML: whatever comes from data becomes a text node. */

type Child = Node | string | null | false;

export function el<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  className = "",
  ...children: Child[]
): HTMLElementTagNameMap[Tag] {
  const element = document.createElement(tag);
  if (className) element.className = className;
  element.append(...children.filter((child) => child !== null && child !== false));
  return element;
}

/** With attributes; for roles and labels. */
export function set<E extends Element>(element: E, attributes: Record<string, string | number | boolean>): E {
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, String(value));
  return element;
}

/** A link that is a button: it acts in VS Code, it leads nowhere. */
export function link(text: string, title: string, act: () => void): HTMLButtonElement {
  const button = el("button", "link", text);
  button.type = "button";
  button.title = title;
  button.addEventListener("click", act);
  return button;
}

/** Writes only what changed: a text node that is set to what it says already is still laid out again. */
export function setText(element: Element, text: string): void {
  if (element.textContent !== text) element.textContent = text;
}

export function setHidden(element: HTMLElement, hidden: boolean): void {
  if (element.hidden !== hidden) element.hidden = hidden;
}
