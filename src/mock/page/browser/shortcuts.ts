import { byId, element } from './dom.ts';

export interface Shortcut {
  key: string;
  does: string;
  run(): void;
}

/**
 * Single keys, outside of fields only. They can be turned off, as speech input types letters where nobody meant
 * them (WCAG 2.2, 2.1.4).
 */
export function bindShortcuts(shortcuts: readonly Shortcut[]): void {
  const dialog = byId('shortcuts', HTMLDialogElement);
  const on = byId('shortcuts-on', HTMLInputElement);
  const help: Shortcut = { key: '?', does: 'this list', run: () => dialog.showModal() };
  const all = [...shortcuts, help];
  byId('shortcut-list', HTMLDListElement).append(...all.flatMap(({ key, does }) => described(key, does)));
  byId('shortcut-list', HTMLDListElement).append(
    ...described('Ctrl ⏎', 'publish what is typed'),
    ...described('↑ ↓ Home End', 'move in the list'),
    ...described('⏎', 'open or close an event of the list'),
    ...described('Esc', 'leave a field, and the keys above work'),
  );
  byId('help', HTMLButtonElement).addEventListener('click', help.run);

  document.addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (document.querySelector('dialog[open]') !== null) return;
    if (isField(event.target)) {
      if (event.key === 'Escape' && event.target instanceof HTMLElement) event.target.blur();
      return;
    }
    const shortcut = on.checked ? all.find(({ key }) => key === event.key) : undefined;
    if (shortcut === undefined) return;
    event.preventDefault();
    shortcut.run();
  });
}

function described(key: string, does: string): HTMLElement[] {
  const keys = key.split(' ').flatMap((each) => [element('kbd', '', each), ' ']);
  return [element('dt', '', ...keys), element('dd', '', does)];
}

function isField(target: EventTarget | null): boolean {
  if (target instanceof HTMLInputElement) return target.type !== 'checkbox';
  return target instanceof HTMLSelectElement || target instanceof HTMLTextAreaElement;
}
