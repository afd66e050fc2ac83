import type { Command } from 'commander';
import { usageError } from '../../client/errors.ts';
import type { ListenFlags } from './listen-flags.ts';

type Key = keyof ListenFlags;

/** Two flags that leave each other no meaning. */
interface Contradiction {
  readonly keys: readonly [Key, Key];
  /** Whether it is one, where both are given. */
  readonly applies: (flags: ListenFlags) => boolean;
  readonly message: string;
  readonly hint: string;
}

const isRaw = ({ format }: ListenFlags) => format === 'raw';

const CONTRADICTIONS: readonly Contradiction[] = [
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

/**
 * The flags without the defaults of a config file that a flag of the command line contradicts.
 *
 * @throws SseKitError `USAGE` for two that contradict each other and come from one place, which is named where it is
 *   the config file
 */
export function withoutContradictions(flags: ListenFlags, command: Command): ListenFlags {
  const settled = { ...flags };
  for (const { keys, applies, message, hint } of CONTRADICTIONS) {
    if (keys.some((key) => settled[key] === undefined) || !applies(settled)) continue;
    const defaults = keys.filter((key) => command.getOptionValueSource(key) !== 'cli');
    if (defaults.length === 1) delete settled[defaults[0] as Key];
    else throw usageError(defaults.length === 0 ? message : `${message}; a config file sets both`, hint);
  }
  return settled;
}
