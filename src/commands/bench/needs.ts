import type { Command } from 'commander';
import { isOfOutages } from '../../bench/thresholds/names.ts';
import type { Threshold } from '../../bench/thresholds/threshold.ts';
import { usageError } from '../../client/errors.ts';
import { shown } from '../../notation/scanner.ts';
import type { BenchFlags } from '../flags/bench/bench-flags.ts';

/** A flag that means nothing without another one. */
interface Need {
  key: keyof BenchFlags & string;
  flag: string;
  met: (flags: BenchFlags) => boolean;
  message: string;
}

const publishes = ({ publish }: BenchFlags) => publish !== undefined;

const NEEDS: readonly Need[] = [
  {
    key: 'arrival',
    flag: '--arrival',
    met: ({ rate, stages }) => rate !== undefined || stages?.of === 'starts',
    message: 'it is about starts per second: -r is missing',
  },
  {
    key: 'abortOnFail',
    flag: '--abort-on-fail',
    met: ({ threshold = [] }) => threshold.length > 0,
    message: 'there is nothing to fail: --threshold is missing',
  },
  ...(['Rate', 'Body', 'Header'] as const).map((part) => ({
    key: `publish${part}` as const,
    flag: `--publish-${part.toLowerCase()}`,
    met: publishes,
    message: 'there is nothing to publish to: --publish is missing',
  })),
  {
    key: 'mask',
    flag: '--mask',
    met: ({ curl }) => curl === true,
    message: 'it hides secrets in what --curl prints: --curl is missing',
  },
];

type Measuring = Pick<Need, 'met' | 'message'>;

/** What a rule is about, and what must be asked for so that it is measured. */
const MEASURED_WITH: Readonly<Record<string, Measuring>> = {
  ...Object.fromEntries(
    ['missing', 'duplicated', 'out_of_order', 'replayed', 'received', 'delivery_rate'].map((name) => [
      name,
      {
        met: (flags: BenchFlags) => flags.sequence !== undefined || publishes(flags),
        message: 'events are not audited: --sequence is missing',
      },
    ]),
  ),
  unreached: {
    met: publishes,
    message: 'what streams were to get is not known: --publish is missing',
  },
  partial: {
    met: (flags) => publishes(flags) && flags.sequence === undefined,
    message: 'it goes by the numbers of --publish, without --sequence',
  },
  delivery_latency: {
    met: (flags) => flags.sentAt !== undefined || publishes(flags) || flags.calibrate === true,
    message: 'nothing says when events were sent: --publish or --sent-at is missing',
  },
  detect: { met: ({ dropAt }) => dropAt !== undefined, message: 'no stream is cut: --drop-at is missing' },
  goodput: {
    met: ({ goodput }) => goodput !== undefined,
    message: 'nothing says what is good: --goodput is missing',
  },
};

const comesBack: Measuring = {
  met: ({ reconnect }: BenchFlags) => reconnect !== 'none',
  message: 'no stream comes back with --reconnect none',
};

/**
 * Refuses what would be passed over in silence, where the command line asks for it: a default of a config file waits for
 * the run that it is for.
 *
 * @throws SseKitError exit 2, naming what is missing
 */
export function checkNeeds(flags: BenchFlags, command: Command): void {
  const given = (key: string) => command.getOptionValueSource(key) === 'cli';
  for (const { key, flag, met, message } of NEEDS) {
    if (given(key) && !met(flags)) throw usageError(`${flag}: ${message}`);
  }
  for (const threshold of flags.threshold ?? []) {
    const need = needOf(threshold);
    if (need !== undefined && !need.met(flags)) {
      throw usageError(`--threshold ${shown(threshold.text)}: ${need.message}`);
    }
  }
}

function needOf(threshold: Threshold): Measuring | undefined {
  if (threshold.kind === 'count') return MEASURED_WITH[threshold.count];
  return isOfOutages(threshold.metric) ? comesBack : MEASURED_WITH[threshold.metric];
}
