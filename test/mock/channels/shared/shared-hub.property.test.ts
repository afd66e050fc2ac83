import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import fc from 'fast-check';
import type { Following } from '../../../../src/mock/channels/hub.ts';
import { PacedReader } from '../paced-reader.ts';
import { LinkedHubs } from './linked-hubs.ts';

const HUBS = 3;
const CHANNELS = ['a', 'b'];

const hub = fc.nat({ max: HUBS - 1 });
const channels = fc.uniqueArray(fc.constantFrom(...CHANNELS), { minLength: 1 });
const command = fc.oneof(
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('publish' as const), hub, channels }) },
  {
    weight: 8,
    arbitrary: fc.record({
      kind: fc.constant('arrive' as const),
      hub,
      direction: fc.constantFrom('up' as const, 'down' as const),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constant('move' as const), hub, client: fc.nat({ max: 2 }) }),
  },
);

/** A client that goes from hub to hub, and resumes behind the last event that it has. */
class Client {
  readonly ids: string[] = [];
  readonly channels: readonly string[];
  readonly #linked: LinkedHubs;
  #reader = new PacedReader();
  #following: Following | undefined;
  #locating: Promise<void> | undefined;

  constructor(linked: LinkedHubs, channels: readonly string[]) {
    this.#linked = linked;
    this.channels = channels;
  }

  moveTo(which: number): void {
    if (this.#locating !== undefined) return;
    this.#following?.stop();
    this.#keep();
    const target = this.#linked.hubs[which];
    if (target === undefined) throw new Error(`there is no hub ${which}`);
    this.#reader = new PacedReader();
    this.#locating = target.locate(this.channels, this.ids.at(-1) ?? '0').then((position) => {
      assert.equal(position.found, true, `the id ${this.ids.at(-1)} is unknown at hub ${which}`);
      this.#following = target.follow(this.channels, position, this.#reader);
      this.#locating = undefined;
    });
    // Looked at in the end.
    this.#locating.catch(() => {});
  }

  /** All that it has got. */
  async all(): Promise<string[]> {
    await this.#locating;
    await this.#linked.settle();
    this.#keep();
    return this.ids;
  }

  #keep(): void {
    this.ids.push(...this.#reader.ids);
    this.#reader.events.length = 0;
  }
}

test('clients that go from hub to hub lose nothing, get nothing twice, and everything in order', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(command, { maxLength: 120 }), async (commands) => {
      const linked = new LinkedHubs(HUBS);
      const clients = [['a'], ['b'], ['a', 'b']].map((each) => new Client(linked, each));
      const answers: Promise<{ ids: Readonly<Record<string, string>> }>[] = [];
      for (const client of clients) client.moveTo(0);
      for (const each of commands) {
        if (each.kind === 'publish') {
          const target = linked.hubs[each.hub];
          if (target !== undefined) answers.push(target.publish(each.channels, { data: '' }));
        } else if (each.kind === 'arrive') await linked.arrive(each.hub, each.direction);
        else clients[each.client]?.moveTo(each.hub);
        await turn();
      }
      await linked.settle();
      const published = (await Promise.all(answers)).flatMap(({ ids }) => Object.entries(ids));
      for (const client of clients) {
        const wanted = published
          .filter(([name]) => client.channels.includes(name))
          .map(([, id]) => Number(id));
        assert.deepEqual(
          (await client.all()).map(Number),
          wanted.sort((one, other) => one - other),
        );
      }
    }),
    { numRuns: 150 },
  );
});
