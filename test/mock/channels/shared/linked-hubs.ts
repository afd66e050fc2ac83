import { setImmediate as turn } from 'node:timers/promises';
import type { FromSequencer, ToSequencer } from '../../../../src/mock/channels/shared/messages.ts';
import { Sequencer, type SequencerOptions } from '../../../../src/mock/channels/shared/sequencer.ts';
import { SharedHub } from '../../../../src/mock/channels/shared/shared-hub.ts';

/** A hub whose messages stay on their way until the test lets them arrive. */
interface Link {
  hub: SharedHub;
  toSequencer: ToSequencer[];
  toHub: FromSequencer[];
}

/** Hubs of several processes, with ways between them that take as long as the test says. */
export class LinkedHubs {
  readonly sequencer: Sequencer;
  readonly hubs: readonly SharedHub[];
  readonly #links: readonly (Link & { arrived(message: ToSequencer): void })[];

  constructor(count: number, options: SequencerOptions = {}) {
    this.sequencer = new Sequencer(options);
    this.#links = Array.from({ length: count }, () => {
      const toSequencer: ToSequencer[] = [];
      const toHub: FromSequencer[] = [];
      const member = this.sequencer.join((message) => toHub.push(structuredClone(message)));
      const hub = new SharedHub((message) => toSequencer.push(structuredClone(message)));
      return { hub, toSequencer, toHub, arrived: (message) => member.receive(message) };
    });
    this.hubs = this.#links.map(({ hub }) => hub);
  }

  /** Lets the oldest message of a hub arrive; false where none is on its way. */
  async arrive(which: number, direction: 'up' | 'down'): Promise<boolean> {
    const link = this.#links[which % this.#links.length];
    if (link === undefined) return false;
    const up = direction === 'up' ? link.toSequencer.shift() : undefined;
    const down = direction === 'down' ? link.toHub.shift() : undefined;
    if (up !== undefined) link.arrived(up);
    if (down !== undefined) link.hub.receive(down);
    await turn();
    return up !== undefined || down !== undefined;
  }

  /** Lets everything arrive, and what comes of it. */
  async settle(): Promise<void> {
    for (let moved = true; moved; ) {
      moved = false;
      for (const which of this.#links.keys()) {
        for (const direction of ['up', 'down'] as const) {
          while (await this.arrive(which, direction)) moved = true;
        }
      }
    }
  }
}
