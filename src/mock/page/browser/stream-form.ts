import type { Offer } from '../offer.ts';
import { button, byId, element } from './dom.ts';
import { USUAL_NAMES } from './event-source-connection.ts';
import { parameters, parseAddress, requestUrl, WrongAddress, withParameters } from './target.ts';
import { visible } from './visible-text.ts';

const FIRST_ADDRESS = '/events';

/** Of what EventSource listens for. */
const MOST_NAMES = 200;
const LONGEST_NAME = 100;

export type ReaderKind = 'fetch' | 'EventSource';

/**
 * The stream that is read: its address, and fields for the parameters in it. The address is what counts: a field
 * writes into it, and shows what it says. It is kept in the page's own URL, the token is not.
 */
export class StreamForm {
  readonly #form = byId('stream', HTMLFormElement);
  readonly #address = byId('address', HTMLInputElement);
  readonly #problem = byId('address-error', HTMLParagraphElement);
  readonly #preset = byId('preset', HTMLSelectElement);
  readonly #interval = byId('interval', HTMLInputElement);
  readonly #channel = byId('channel', HTMLInputElement);
  readonly #token = byId('token', HTMLInputElement);
  readonly #reader = byId('reader', HTMLSelectElement);
  readonly #names = byId('names', HTMLInputElement);
  readonly #namesLabel = byId('names-label', HTMLLabelElement);
  readonly #chips = byId('fault-chips', HTMLUListElement);
  readonly #openButton = byId('open', HTMLButtonElement);
  readonly #leave = byId('leave', HTMLButtonElement);
  readonly #presets: Offer['presets'];
  readonly #open: () => void;
  /** The address that was opened last. */
  #opened = '';

  constructor(presets: Offer['presets'], open: () => void, leave: () => void) {
    this.#presets = presets;
    this.#open = open;
    this.#names.value = USUAL_NAMES.join(', ');
    this.#address.value = location.hash.slice(1) || FIRST_ADDRESS;
    this.#listPresets('');
    this.#form.addEventListener('submit', (event) => {
      event.preventDefault();
      this.#open();
    });
    this.#leave.addEventListener('click', leave);
    this.#address.addEventListener('input', () => this.#showParameters());
    this.#preset.addEventListener('input', () => this.#set('preset', [this.#preset.value]));
    this.#interval.addEventListener('input', () => this.#set('interval', [this.#interval.value.trim()]));
    this.#channel.addEventListener('input', () => this.#set('channel', listed(this.#channel.value)));
    addEventListener('hashchange', () => {
      this.#address.value = location.hash.slice(1);
      this.#open();
    });
    this.#reader.addEventListener('change', () => {
      this.#namesLabel.hidden = this.reader === 'fetch';
      this.#open();
    });
    this.#token.addEventListener('input', () => this.#token.classList.remove('wanted'));
    this.#showParameters();
  }

  get reader(): ReaderKind {
    return this.#reader.value === 'EventSource' ? 'EventSource' : 'fetch';
  }

  /** That EventSource should hear. */
  get names(): string[] {
    return listed(this.#names.value);
  }

  get token(): string {
    return this.#token.value;
  }

  get address(): string {
    return this.#address.value;
  }

  get faults(): string[] {
    return parameters(this.#address.value, 'fault');
  }

  /** There is something to disconnect. */
  set busy(busy: boolean) {
    // A disabled button would lose the focus.
    if (!busy && document.activeElement === this.#leave) this.#openButton.focus();
    this.#leave.disabled = !busy;
  }

  /** @returns the address, put in order, or undefined when it is none: the form then says why */
  take(): string | undefined {
    try {
      const { address, token } = parseAddress(this.#address.value, location.origin);
      if (token !== undefined) this.#token.value = token;
      this.#address.value = address;
      this.#opened = address;
      this.#showParameters();
      history.replaceState(null, '', `#${address}`);
      this.#say('');
      return address;
    } catch (error) {
      if (!(error instanceof WrongAddress)) throw error;
      this.#say(error.message);
      this.#address.focus();
      return undefined;
    }
  }

  setFaults(faults: readonly string[]): void {
    this.#set('fault', faults);
  }

  setClient(client: string): void {
    this.#set('client', [client]);
  }

  /** What is sent. */
  requestUrl(address: string): string {
    return requestUrl(address, location.origin, this.token);
  }

  askForToken(): void {
    this.#token.classList.add('wanted');
    this.#say(
      this.token === ''
        ? 'The server asks for a token: type it into the field “token” and open again.'
        : 'The server does not accept this token.',
    );
  }

  addNames(names: Iterable<string>): void {
    const fit = [...names].filter((name) => name.length <= LONGEST_NAME && !name.includes(','));
    this.#names.value = [...new Set([...this.names, ...fit])].slice(0, MOST_NAMES).join(', ');
  }

  #set(name: string, values: readonly string[]): void {
    this.#address.value = withParameters(this.#address.value, name, values);
    this.#showParameters();
  }

  #showParameters(): void {
    const address = this.#address.value;
    const preset = parameters(address, 'preset').at(-1) ?? '';
    if (preset !== this.#preset.value) this.#listPresets(preset);
    show(this.#interval, parameters(address, 'interval').at(-1) ?? '');
    show(this.#channel, parameters(address, 'channel').join(', '));
    this.#form.classList.toggle('changed', address.trim() !== this.#opened);
    this.#chips.replaceChildren(...this.faults.map((fault) => this.#chip(fault)));
  }

  #chip(fault: string): HTMLLIElement {
    const text = visible(fault);
    const remove = button(`${text} ×`, () => {
      this.setFaults(this.faults.filter((each) => each !== fault));
      this.#open();
    });
    remove.ariaLabel = `Remove the fault ${text} and reopen`;
    remove.title = remove.ariaLabel;
    return element('li', '', remove);
  }

  /** A name that the server doesn't offer is shown as well: the address says so. */
  #listPresets(chosen: string): void {
    const options = [new Option("the server's", '')];
    for (const { name, summary } of this.#presets) {
      const option = new Option(name, name);
      option.title = summary;
      options.push(option);
    }
    if (!options.some(({ value }) => value === chosen)) options.push(new Option(visible(chosen), chosen));
    this.#preset.replaceChildren(...options);
    this.#preset.value = chosen;
  }

  #say(problem: string): void {
    this.#problem.textContent = problem;
  }
}

/** Separated by commas. */
function listed(text: string): string[] {
  return text
    .split(',')
    .map((each) => each.trim())
    .filter(Boolean);
}

/** Leaves alone what the user is typing. */
function show(field: HTMLInputElement, text: string): void {
  if (field !== document.activeElement) field.value = text;
}
