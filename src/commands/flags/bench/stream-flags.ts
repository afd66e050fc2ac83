import { parseChoice } from '../../../notation/choice.ts';
import { parseCount } from '../../../notation/count.ts';
import { parseDuration, parseSeconds } from '../../../notation/duration.ts';
import { InvalidValue } from '../../../notation/invalid-value.ts';
import { parseFileName } from '../files.ts';
import { Flag } from '../flag.ts';
import { limitFlags } from '../request-flags.ts';
import { waitFlags } from '../wait-flags.ts';
import { parseCancel, parseDropAt, parseJitter, parseSlow } from './shape-values.ts';

const STREAMS = 'Each stream:';
const RECONNECT = 'Reconnect:';

const MODES = ['persistent', 'browser', 'none'] as const;

/** What one stream does, and how long it lives. */
export function streamFlags(): Flag[] {
  return [...lifeFlags(), ...reconnectFlags()];
}

function lifeFlags(): Flag[] {
  const group = STREAMS;
  return [
    new Flag('--stream-for <time>', 'a stream leaves after this time, and another takes its place', {
      group,
      parse: (text) => parseDuration(text, { minMs: 1 }),
    }),
    new Flag('--max-events <n>', 'it leaves after N events', { group, parse: (text) => parseCount(text, 1) }),
    new Flag('--until-data <text>', "it leaves when an event's data equals this (repeatable)", {
      group,
      repeat: true,
    }),
    new Flag('-m, --max-time <time>', 'an attempt that takes longer has failed', {
      group,
      parse: (text) => parseSeconds(text),
    }),
    ...limitFlags(group),
    new Flag('--users <file>', 'CSV with names in its first row: {{column}} in URL, header, body', {
      group,
      guarded: true,
      parse: parseUsersFile,
    }),
    new Flag('--slow <share@rate>', 'slow readers: 10%@1KB/s', { group, parse: parseSlow }),
    new Flag('--cancel <share@time>', 'clients that leave for good: 5%@2s', { group, parse: parseCancel }),
  ];
}

/** Other tools take a number there. */
function parseUsersFile(text: string): string {
  if (/^\d+$/.test(text.trim())) {
    throw new InvalidValue(
      `${text.trim()} is no CSV file`,
      `-c ${text.trim()} holds so many streams open; a file of that name is ./${text.trim()}.`,
    );
  }
  return parseFileName(text);
}

function reconnectFlags(): Flag[] {
  const group = RECONNECT;
  return [
    new Flag('--reconnect <how>', 'persistent, browser (5xx and 429 end it) or none (persistent)', {
      group,
      words: MODES,
      parse: (text) => parseChoice(text, MODES),
    }),
    ...waitFlags(group),
    new Flag('--jitter <share>', 'how much of each wait is random: 0.5 or 50% (0)', {
      group,
      parse: parseJitter,
    }),
    new Flag('--drop-at <time[:share]>', 'cut so many streams then, all by default: 10s:50%', {
      group,
      parse: parseDropAt,
    }),
  ];
}
