import { byId } from './dom.ts';

/**
 * Puts a text on the clipboard. Where the browser gives the page none (plain http from another machine), the text
 * is shown, selected, to be copied by hand.
 */
export async function copy(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    // Not allowed, or `navigator.clipboard` isn't there.
    const field = byId('copy-text', HTMLTextAreaElement);
    field.value = text;
    byId('copy-by-hand', HTMLDialogElement).showModal();
    field.select();
    return false;
  }
}

/** A button that copies says for a moment that it did. */
export function copyOnClick(button: HTMLButtonElement, text: () => string): void {
  const label = button.textContent;
  let back: ReturnType<typeof setTimeout> | undefined;
  button.addEventListener('click', async () => {
    if (!(await copy(text()))) return;
    button.textContent = 'Copied';
    clearTimeout(back);
    back = setTimeout(() => {
      button.textContent = label;
    }, 1_500);
  });
}
