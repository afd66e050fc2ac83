import { against } from '../against-server.ts';
import { type Check, exactly } from '../check.ts';
import { event, HEAD, LAST_CHUNK, type Script } from '../script.ts';
import type { TruthCase } from '../truth-case.ts';

/** Ids as the server sends them on the first connection of each stream: each in a write of its own. */
const FIRST = [1, 2, 3, 5, 6, 6, 8, 7, 9, 10, 12, 13, 14];
/** On the second: the last three again, then further ones; all in one write. */
const SECOND = [12, 13, 14, 15, 16, 16, 18, 19];

/** What is wrong with them. */
const DID = {
  /** 1 to 19 but for 4, 11 and 17. */
  received: 16,
  /** 4, 11, 17. */
  missing: 3,
  /** 6, 16. */
  duplicated: 2,
  /** 7, which came behind 8. */
  out_of_order: 1,
  /** 12, 13, 14. */
  replayed: 3,
} as const;

const SERVER: Script = [
  [
    { name: 'headers', afterMs: 0, write: HEAD },
    ...FIRST.map((id) => ({ name: 'event', afterMs: 10, write: event(id) })),
    { name: 'end', afterMs: 10, write: LAST_CHUNK, and: 'finish' },
  ],
  [{ name: 'events', afterMs: 0, write: HEAD + SECOND.map(event).join('') }],
];

export const t4: TruthCase = {
  id: 'T4',
  title: 'the server drops, repeats and swaps known ids, and replays three: exactly those are counted',
  run: () => delivery({ streams: 200, seconds: 5 }),
};

export async function delivery({ streams, seconds }: { streams: number; seconds: number }): Promise<Check[]> {
  const { result, served } = await against(SERVER, {
    streams,
    load: [
      '-c',
      `${streams}`,
      '--ramp-up',
      '1s',
      '--retry-delay',
      '200ms',
      '--sequence',
      'id',
      '--for',
      `${seconds}s`,
    ],
  });
  const { counts, delivery: audit } = result;
  return [
    exactly('connections', 2 * streams, served.length),
    exactly(
      'resumed after event 14',
      streams,
      served.filter(({ lastEventId }) => lastEventId === '14').length,
    ),
    exactly('events', (FIRST.length + SECOND.length) * streams, counts.events),
    ...(Object.keys(DID) as (keyof typeof DID)[]).map((what) =>
      exactly(what, DID[what] * streams, audit?.[what]),
    ),
  ];
}
