import type { ChannelEvent, HubReader } from '../../../src/mock/channels/hub.ts';

/** A stream whose client takes as many events as it is allowed; what is live comes regardless. */
export class PacedReader implements HubReader {
  readonly events: ChannelEvent[] = [];
  overran = false;
  #room: number;
  #ready: (() => void) | undefined;

  constructor(room = Number.POSITIVE_INFINITY) {
    this.#room = room;
  }

  get ids(): string[] {
    return this.events.map(({ event }) => event.id ?? '');
  }

  get data(): string[] {
    return this.events.map(({ event }) => event.data);
  }

  take(event: ChannelEvent): void {
    this.events.push(event);
    this.#room -= 1;
  }

  get busy(): boolean {
    return this.#room <= 0;
  }

  /** Whether something waits for it. */
  get awaited(): boolean {
    return this.#ready !== undefined;
  }

  onceReady(callback: () => void): void {
    if (this.#ready !== undefined) throw new Error('asked twice to call back');
    this.#ready = callback;
  }

  overrun(): void {
    if (this.overran) throw new Error('overrun twice');
    this.overran = true;
  }

  /** The client reads on. */
  allow(events: number): void {
    this.#room = Math.max(this.#room, 0) + events;
    const ready = this.#ready;
    this.#ready = undefined;
    ready?.();
  }
}
