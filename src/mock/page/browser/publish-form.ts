import { byId } from './dom.ts';
import type { EventEntry } from './event-log.ts';
import { duration } from './quantities.ts';
import { withParameters } from './target.ts';
import { visible } from './visible-text.ts';

/** Of the server's answer. */
const SHOWN_LENGTH = 400;

/** `POST /publish`, and what the server said to it. */
export class PublishForm {
  readonly #form = byId('publish', HTMLFormElement);
  readonly #event = byId('publish-event', HTMLInputElement);
  readonly #id = byId('publish-id', HTMLInputElement);
  readonly #channel = byId('publish-channel', HTMLInputElement);
  readonly #data = byId('publish-data', HTMLTextAreaElement);
  readonly #answer = byId('publish-answer', HTMLOutputElement);
  readonly #requestUrl: (address: string) => string;
  #latest = 0;

  /** @param requestUrl address → what is sent, with the token */
  constructor(requestUrl: (address: string) => string) {
    this.#requestUrl = requestUrl;
    this.#form.addEventListener('submit', (event) => {
      event.preventDefault();
      void this.#publish();
    });
    this.#form.addEventListener('keydown', (event) => {
      if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey)) return;
      // In a field of one line it would submit once more.
      event.preventDefault();
      this.#form.requestSubmit();
    });
  }

  focus(): void {
    this.#data.focus();
  }

  /** Puts an event into the fields, to be published as it is or changed. */
  take({ name, id, data }: EventEntry): void {
    this.#event.value = name === 'message' ? '' : name;
    this.#id.value = id ?? '';
    this.#data.value = data;
    this.focus();
  }

  async #publish(): Promise<void> {
    this.#latest += 1;
    const attempt = this.#latest;
    const started = performance.now();
    const answer = await this.#send();
    // A later click has its own answer.
    if (attempt !== this.#latest) return;
    this.#answer.className = answer.ok ? 'good' : 'problem';
    this.#answer.textContent = `${visible(answer.text)} · ${duration(performance.now() - started)}`;
  }

  async #send(): Promise<{ ok: boolean; text: string }> {
    const channels = this.#channel.value.split(',').map((channel) => channel.trim());
    try {
      const response = await fetch(this.#requestUrl(withParameters('/publish', 'channel', channels)), {
        method: 'POST',
        headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify({
          ...(this.#event.value === '' ? {} : { event: this.#event.value }),
          ...(this.#id.value === '' ? {} : { id: this.#id.value }),
          data: this.#data.value,
        }),
      });
      const text = (await response.text()).slice(0, SHOWN_LENGTH).trim();
      return { ok: response.ok, text: `${response.status} ${text}` };
    } catch {
      // Browsers tell no reason.
      return { ok: false, text: 'no answer: the server is gone, or it hung up on so large an event' };
    }
  }
}
