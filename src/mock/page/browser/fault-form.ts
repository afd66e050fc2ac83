import type { OfferedFault } from '../offer.ts';
import { byId } from './dom.ts';
import { faultText } from './fault-text.ts';

const GROUPS: readonly { scope: OfferedFault['scope']; title: string }[] = [
  { scope: 'moment', title: 'It happens once' },
  { scope: 'event', title: 'To events' },
  { scope: 'lasting', title: 'From there on' },
  { scope: 'head', title: 'To the answer' },
];
const USUAL_WHENS = ['3', 'every:10', '2s', '4096b', '1%'];
const FIRST_KIND = 'reset';

/** Puts a fault together; the stream is reopened with it. */
export class FaultForm {
  readonly #faults: readonly OfferedFault[];
  readonly #form = byId('fault', HTMLFormElement);
  readonly #kind = byId('fault-kind', HTMLSelectElement);
  readonly #value = byId('fault-value', HTMLInputElement);
  readonly #values = byId('fault-values', HTMLDataListElement);
  readonly #when = byId('fault-when', HTMLInputElement);
  readonly #first = byId('fault-first', HTMLInputElement);
  readonly #meaning = byId('fault-meaning', HTMLParagraphElement);
  readonly #text = byId('fault-text', HTMLElement);

  /** @param reopen with these faults; `firstConnectionOnly`: the server has to count connections from here on */
  constructor(
    faults: readonly OfferedFault[],
    reopen: (faults: readonly string[], firstConnectionOnly: boolean) => void,
  ) {
    this.#faults = faults;
    for (const { scope, title } of GROUPS) {
      const group = document.createElement('optgroup');
      group.label = title;
      group.append(
        ...faults.filter((each) => each.scope === scope).map(({ name }) => new Option(name, name)),
      );
      this.#kind.append(group);
    }
    this.#kind.value = FIRST_KIND;
    byId('fault-whens', HTMLDataListElement).append(...USUAL_WHENS.map((when) => new Option(when, when)));
    this.#kind.addEventListener('change', () => this.#offer());
    this.#form.addEventListener('input', () => this.#write());
    this.#form.addEventListener('submit', (event) => {
      event.preventDefault();
      reopen([this.#fault()], this.#first.checked);
    });
    byId('fault-none', HTMLButtonElement).addEventListener('click', () => reopen([], false));
    this.#offer();
  }

  focus(): void {
    this.#kind.focus();
  }

  /** The kind changed: what it takes replaces what the kind before took. */
  #offer(): void {
    const chosen = this.#faults.find(({ name }) => name === this.#kind.value);
    if (chosen === undefined) return;
    const { meaning, value, withoutWhen } = chosen;
    this.#meaning.textContent = meaning;
    this.#value.disabled = value === undefined;
    this.#value.value = value?.example ?? '';
    this.#value.placeholder = value?.label ?? 'none';
    // A label such as utf8|crlf|bytes:N lists them all.
    const choices = value?.label.split('|') ?? [];
    this.#values.replaceChildren(
      ...(choices.length > 1 ? choices : []).map((each) => new Option(each, each)),
    );
    this.#when.required = withoutWhen === undefined;
    this.#when.value = withoutWhen === undefined ? (USUAL_WHENS[0] ?? '') : '';
    this.#when.placeholder = withoutWhen ?? '';
    this.#write();
  }

  #write(): void {
    this.#text.textContent = this.#fault();
  }

  #fault(): string {
    return faultText({
      kind: this.#kind.value,
      value: this.#value.value.trim(),
      when: this.#when.value.trim(),
      firstConnectionOnly: this.#first.checked,
    });
  }
}
