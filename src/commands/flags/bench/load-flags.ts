import { parseLocalAddresses } from '../../../bench/preflight/local-addresses.ts';
import { MOST_WORKERS } from '../../../bench/preflight/workers.ts';
import { parseChoice } from '../../../notation/choice.ts';
import { parseCount } from '../../../notation/count.ts';
import { parseDuration } from '../../../notation/duration.ts';
import { InvalidValue } from '../../../notation/invalid-value.ts';
import { Flag } from '../flag.ts';
import { parseConnections, parseStages, parseStartRate } from './shape-values.ts';

const LOAD = 'Load:';

const ARRIVALS = ['constant', 'poisson'] as const;
const MOST_STREAMS_PER_CONNECTION = 10_000;

const positive = (text: string) => parseDuration(text, { minMs: 1 });

/** How many streams come, when, and from which processes. */
export function loadFlags(): Flag[] {
  const group = LOAD;
  return [
    new Flag('-c, --connections <n>', 'hold so many streams open (50); with -r: at most', {
      group,
      parse: parseConnections,
    }),
    new Flag('-r, --rate <rate>', 'start streams at this rate, whatever the server does: 100/s', {
      group,
      parse: parseStartRate,
    }),
    new Flag('--arrival <how>', 'of -r: constant or poisson (constant)', {
      group,
      words: ARRIVALS,
      parse: (text) => parseChoice(text, ARRIVALS),
    }),
    new Flag('--for <time>', 'the whole run (10s, or twice --ramp-up where that is more)', {
      group,
      parse: positive,
    }),
    new Flag('--ramp-up <time>', 'until all are open, or the rate is reached (-c: 1s for each 1,000)', {
      group,
      parse: (text) => parseDuration(text),
    }),
    new Flag('--warm-up <time>', 'the beginning of the run, left out of the figures (0s)', {
      group,
      parse: (text) => parseDuration(text),
    }),
    new Flag('--stages <list>', "a shape: '30s:1000,2m:5000,30s:0', or starts: '30s:100/s'", {
      group,
      parse: parseStages,
    }),
    new Flag('--workers <n>', 'processes, 1 to 64, or auto (auto)', {
      group,
      words: ['auto'],
      parse: parseWorkers,
    }),
    new Flag('--local-address <list>', 'connect from these, in turn: 10.0.0.5,10.0.1.1-10.0.1.9', {
      group,
      parse: parseLocalAddresses,
    }),
    new Flag('--streams-per-connection <n>', 'of HTTP/2: share connections (1)', {
      group,
      parse: parseStreamsPerConnection,
    }),
    new Flag('--seed <n>', 'repeat a run: its draws are the same (default: drawn, and printed)', {
      group,
      parse: (text) => parseCount(text),
    }),
  ];
}

function parseWorkers(text: string): number | 'auto' {
  if (text.trim() === 'auto') return 'auto';
  const count = parseCount(text, 1);
  if (count > MOST_WORKERS) throw new InvalidValue(`${text} is too many: at most ${MOST_WORKERS}`);
  return count;
}

function parseStreamsPerConnection(text: string): number {
  const count = parseCount(text, 1);
  if (count <= MOST_STREAMS_PER_CONNECTION) return count;
  throw new InvalidValue(`${text} is too many: at most ${MOST_STREAMS_PER_CONNECTION}`);
}
