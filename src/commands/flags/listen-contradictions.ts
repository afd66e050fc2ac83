import type { Contradiction } from './contradictions.ts';
import type { ListenFlags } from './listen-flags.ts';

const isRaw = ({ format }: ListenFlags) => format === 'raw';

export const LISTEN_CONTRADICTIONS: readonly Contradiction<ListenFlags>[] = [
  {
    keys: ['join', 'format'],
    applies: isRaw,
    message: '--join: --format raw is the bytes as they came',
    hint: 'The text alone is --format data; events with their text are --format ndjson.',
  },
  {
    keys: ['join', 'wire'],
    applies: ({ wire }) => wire === true,
    message: '--join shows text instead of events, --wire how they were written',
    hint: 'Leave one of them out.',
  },
  {
    keys: ['wire', 'format'],
    applies: ({ wire, format }) => wire === true && format === 'data',
    message: '--wire: --format data holds the data of events alone',
    hint: '--format pretty or ndjson shows the wire.',
  },
  {
    keys: ['wire', 'format'],
    applies: (flags) => flags.wire === true && isRaw(flags),
    message: '--wire: --format raw holds the bytes of the body alone',
    hint: '--format pretty or ndjson shows the wire.',
  },
  ...(
    [
      ['event', '--event'],
      ['excludeEvent', '--exclude-event'],
      ['grep', '--grep'],
      ['path', '--path'],
    ] as const
  ).map(([key, name]) => ({
    keys: [key, 'format'] as const,
    applies: isRaw,
    message: `${name}: --format raw is all the bytes as they came, and no choice of events`,
    hint: 'The data of chosen events is --format data; how they were written is --wire.',
  })),
];
