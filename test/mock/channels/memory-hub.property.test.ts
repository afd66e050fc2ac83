import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { Following, Position } from '../../../src/mock/channels/hub.ts';
import { createMemoryHub } from '../../../src/mock/channels/memory-hub.ts';
import { PacedReader } from './paced-reader.ts';

const CHANNELS = ['a', 'b', 'c'];

type Command =
  | { kind: 'publish'; channels: string[] }
  | { kind: 'locate'; channels: string[]; behind: number | undefined }
  | { kind: 'follow'; which: number; room: number }
  | { kind: 'read'; which: number; events: number }
  | { kind: 'leave'; which: number };

interface Sent {
  seq: number;
  channel: string;
}

/** What a stream must get: all behind the position, where it was promised, else what of that was kept when it joined. */
interface Start {
  behind: number;
  promised: boolean;
}

interface Stream {
  reader: PacedReader;
  following: Following;
  channels: string[];
  start: Start;
  /** Number of events when it joined, and when it left. */
  joined: number;
  left: number | undefined;
}

const channels = fc.uniqueArray(fc.constantFrom(...CHANNELS), { minLength: 1, maxLength: 3 });
const which = fc.nat({ max: 20 });
const command: fc.Arbitrary<Command> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('publish' as const), channels }) },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('locate' as const),
      channels,
      behind: fc.option(fc.nat({ max: 40 }), { nil: undefined }),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constant('follow' as const), which, room: fc.nat({ max: 4 }) }),
  },
  {
    weight: 3,
    arbitrary: fc.record({ kind: fc.constant('read' as const), which, events: fc.nat({ max: 4 }) }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('leave' as const), which }) },
);

test('every stream gets exactly what was published on its channels behind its position, however all interleave', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 0, max: 6 }),
      fc.array(command, { maxLength: 80 }),
      async (buffer, commands) => {
        const world = new World(buffer);
        for (const each of commands) await world.run(each);
        world.verify();
      },
    ),
    { numRuns: 400 },
  );
});

/** The hub beside a plain list of all that was published. */
class World {
  readonly #hub;
  readonly #buffer: number;
  readonly #sent: Sent[] = [];
  readonly #located: { channels: string[]; position: Position; start: Start }[] = [];
  readonly #streams: Stream[] = [];

  constructor(buffer: number) {
    this.#buffer = buffer;
    this.#hub = createMemoryHub({ buffer });
  }

  async run(command: Command): Promise<void> {
    switch (command.kind) {
      case 'publish': {
        const { ids } = await this.#hub.publish(command.channels, { data: String(this.#sent.length) });
        for (const channel of command.channels) {
          this.#sent.push({ seq: this.#sent.length + 1, channel });
          assert.equal(ids[channel], String(this.#sent.length));
        }
        return;
      }
      case 'locate':
        await this.#locate(command.channels, command.behind);
        return;
      case 'follow':
        this.#follow(command);
        return;
      case 'read':
        this.#pick(this.#streams, command.which)?.reader.allow(command.events);
        return;
      case 'leave': {
        const stream = this.#pick(this.#streams, command.which);
        if (stream === undefined || stream.left !== undefined) return;
        stream.following.stop();
        stream.left = this.#sent.length;
      }
    }
  }

  verify(): void {
    for (const stream of this.#streams) {
      // Those who are still there read what is left of the buffer.
      if (stream.left === undefined) stream.reader.allow(1_000);
      const { reader } = stream;
      const wanted = this.#wanted(stream).map(({ seq }) => String(seq));
      const complete = stream.left === undefined && !reader.overran;
      assert.deepEqual(reader.ids, complete ? wanted : wanted.slice(0, reader.ids.length));
      if (reader.overran) {
        const kept = this.#kept(stream.channels, this.#sent.length).map(({ seq }) => String(seq));
        assert.ok(wanted.slice(reader.ids.length).some((seq) => !kept.includes(seq)));
      }
    }
  }

  async #locate(channels: string[], behind: number | undefined): Promise<void> {
    const position = await this.#hub.locate(channels, behind === undefined ? '' : String(behind));
    const kept = new Set(this.#kept(channels, this.#sent.length));
    const lost = this.#sent.filter(
      (each) => each.seq > (behind ?? 0) && channels.includes(each.channel) && !kept.has(each),
    );
    const found = behind === undefined || (behind <= this.#sent.length && lost.length === 0);
    // What holds nothing is forgotten, and is then taken to have lost as much as anything else that was.
    if (this.#buffer > 0 || !found) assert.equal(position.found, found);
    const start = position.found
      ? { behind: behind ?? this.#sent.length, promised: behind !== undefined }
      : { behind: 0, promised: false };
    this.#located.push({ channels, position, start });
  }

  #follow({ which, room }: { which: number; room: number }): void {
    const located = this.#pick(this.#located, which);
    if (located === undefined) return;
    const reader = new PacedReader(room);
    const following = this.#hub.follow(located.channels, located.position, reader);
    this.#streams.push({
      reader,
      following,
      channels: located.channels,
      start: located.start,
      joined: this.#sent.length,
      left: undefined,
    });
  }

  #wanted({ channels, start, joined, left }: Stream): Sent[] {
    const mine = this.#sent.filter(({ channel }) => channels.includes(channel));
    const until = left ?? this.#sent.length;
    const kept = this.#kept(channels, joined);
    return mine.filter((each) => {
      if (each.seq > until || each.seq <= start.behind) return false;
      return start.promised || each.seq > joined || kept.includes(each);
    });
  }

  /** What the buffers of these channels held when so many had been published. */
  #kept(channels: string[], published: number): Sent[] {
    const kept = channels.flatMap((name) => {
      const all = this.#sent.slice(0, published).filter(({ channel }) => channel === name);
      return all.slice(Math.max(0, all.length - this.#buffer));
    });
    return kept.sort((one, other) => one.seq - other.seq);
  }

  #pick<T>(list: readonly T[], which: number): T | undefined {
    return list[which % list.length];
  }
}
