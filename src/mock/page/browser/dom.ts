import { type TextRun, visibleLine } from './visible-text.ts';

/** An element of page.html. */
export function byId<T extends HTMLElement>(id: string, type: new () => T): T {
  const found = document.getElementById(id);
  if (!(found instanceof type)) throw new Error(`page.html has no ${type.name} #${id}`);
  return found;
}

/** A new element. Text goes in as text: nothing on this page is ever parsed as HTML. */
export function element<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  className: string,
  ...children: (Node | string)[]
): HTMLElementTagNameMap[K] {
  const made = document.createElement(tag);
  if (className !== '') made.className = className;
  made.append(...children);
  return made;
}

export function button(label: string, onClick: () => void): HTMLButtonElement {
  const made = element('button', '', label);
  made.type = 'button';
  made.addEventListener('click', onClick);
  return made;
}

/** A server's text on one line: what can't be seen is made visible and set apart. */
export function serverText(className: string, text: string): HTMLSpanElement {
  return element('span', className, ...runNodes(visibleLine(text)));
}

export function runNodes(runs: readonly TextRun[]): (Node | string)[] {
  return runs.map(({ text, control }) => (control ? element('span', 'control', text) : text));
}

/** Writes only what differs: an unchanged text costs no layout. */
export function setText(node: HTMLElement, text: string): void {
  if (node.textContent !== text) node.textContent = text;
}
